/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shared queues and their signalling, explored: the real headers of
 * sddf/include, with every shared access a point where anything may happen.
 *
 * Claims: every element arrives once and in order; nobody reads a slot that is
 * being written; nobody sleeps for ever; a peer that writes anything it likes
 * into the page leads nobody outside the slots.  The last tests break the
 * protocol on purpose and expect the explorer to notice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sddf/network/queue.h>
#include <sddf/serial/queue.h>

#include "tests/model/explore.h"

#define PRODUCER 0u
#define CONSUMER 1u
#define CAPACITY 2u
#define ELEMENTS 3u

static struct explore_result run(
    const struct explore_program *program, enum explore_fault fault)
{
    struct explore_result result = explore(program, fault);

    fprintf(stderr, "%s: %llu executions, %llu states, %u steps\n",
        result.violation == NULL ? "no violation" : result.violation,
        (unsigned long long)result.executions,
        (unsigned long long)result.states, result.deepest);
    return result;
}

static void holds(const struct explore_program *program)
{
    struct explore_result result = run(program, EXPLORE_SOUND);

    if (result.violation != NULL) {
        fail_msg("%s", result.violation);
    }
    assert_true(result.executions > 10);
}

static void is_broken_by(const struct explore_program *program,
    enum explore_fault fault, const char *violation)
{
    struct explore_result result = run(program, fault);

    assert_non_null(result.violation);
    assert_string_equal(result.violation, violation);
}

static const char *all_is_well(void)
{
    return NULL;
}

/* --- serial: the producer waits for room, and always notifies --------------- */

static struct {
    serial_queue_t page;
    char data[CAPACITY];
    serial_queue_handle_t end[2];
    bool second_look;
} serial;

static void serial_reset_at(uint32_t index)
{
    explore_word(&serial.page.tail, index);
    explore_word(&serial.page.head, index);
    explore_word(&serial.page.producer_signalled, 0);
    explore_data(CAPACITY);
    for (uint32_t i = 0; i < 2; i++) {
        serial_queue_init(&serial.end[i], &serial.page, CAPACITY, serial.data);
    }
}

static void serial_reset(void)
{
    serial_reset_at(UINT32_MAX); /* wraps at the first element */
}

static void serial_put(char c)
{
    serial_queue_handle_t *queue = &serial.end[PRODUCER];
    uint32_t tail = serial_queue_tail(queue);
    uint32_t slot = tail % CAPACITY;

    while (serial_enqueue_local(queue, &tail, c) != 0) {
        serial_request_consumer_signal(queue);
        if (!serial.second_look || serial_queue_full(queue, tail)) {
            explore_wait();
        } else {
            serial_cancel_consumer_signal(queue);
        }
    }
    explore_write(slot);
    serial_update_shared_tail(queue, tail);
    explore_notify(CONSUMER);
}

static void serial_take(uint32_t *next)
{
    serial_queue_handle_t *queue = &serial.end[CONSUMER];
    uint32_t head = serial_queue_head(queue);
    uint32_t slot = head % CAPACITY;
    char c;

    while (serial_dequeue_local(queue, &head, &c) == 0) {
        explore_read(slot);
        if (c != (char)('a' + *next)) {
            explore_fail("a wrong element");
        }
        ++*next;
        slot = head % CAPACITY;
    }
    serial_update_shared_head(queue, head);
    if (serial_require_consumer_signal(queue)) {
        serial_cancel_consumer_signal(queue);
        explore_notify(PRODUCER);
    }
}

static void serial_thread(uint32_t id)
{
    if (id == PRODUCER) {
        for (uint32_t i = 0; i < ELEMENTS + 1; i++) {
            serial_put((char)('a' + i));
        }
        return;
    }
    for (uint32_t next = 0; next < ELEMENTS + 1;) {
        explore_wait();
        serial_take(&next);
    }
}

static const struct explore_program serial_program = {
    .thread_count = 2,
    .thread = serial_thread,
    .reset = serial_reset,
    .end = all_is_well,
};

static void serial_holds(void **unused)
{
    (void)unused;
    serial.second_look = true;
    holds(&serial_program);
}

static void serial_needs_acquire_release_and_the_fence(void **unused)
{
    (void)unused;
    serial.second_look = true;
    is_broken_by(&serial_program, EXPLORE_NO_ACQUIRE, "a race on data");
    is_broken_by(&serial_program, EXPLORE_NO_RELEASE, "a race on data");
    is_broken_by(&serial_program, EXPLORE_NO_FENCE, "a deadlock");
}

static void serial_needs_the_second_look(void **unused)
{
    (void)unused;
    serial.second_look = false;
    is_broken_by(&serial_program, EXPLORE_SOUND, "a deadlock");
}

/* --- serial, in batches ------------------------------------------------------ */

/* Three batches: the producer sleeps twice, so the flag changes on the way. */
#define BATCHED (3u * CAPACITY)

static struct {
    bool publish_first; /* the order that is wrong */
    uint32_t largest;   /* batch that was put or taken in any execution */
} batches;

static void batch_seen(uint32_t count)
{
    batches.largest = count > batches.largest ? count : batches.largest;
}

/* Room to fill, sleeping as the protocol says when there is none. */
static struct serial_batch batch_room(serial_queue_handle_t *queue)
{
    for (;;) {
        struct serial_batch to = serial_batch_put(queue);

        if (queue_batch_left(&to.n) > 0) {
            return to;
        }
        serial_request_consumer_signal(queue);
        to = serial_batch_put(queue);
        if (queue_batch_left(&to.n) > 0) {
            serial_cancel_consumer_signal(queue);
            return to;
        }
        explore_wait();
    }
}

static void batch_put(uint32_t *next)
{
    struct serial_batch to = batch_room(&serial.end[PRODUCER]);

    queue_batch_restrict(&to.n, BATCHED - *next);
    batch_seen(queue_batch_left(&to.n));
    if (batches.publish_first) {
        struct serial_batch early = to;

        queue_batch_skip(&early.n, queue_batch_left(&early.n));
        serial_batch_publish(&early);
    }
    while (queue_batch_left(&to.n) > 0) {
        explore_write(to.n.index & to.n.mask);
        serial_batch_write(&to, (char)('a' + (*next)++));
    }
    if (!batches.publish_first) {
        serial_batch_publish(&to);
    }
    explore_notify(CONSUMER);
}

/* Takes what is there; sleeps when that is nothing. */
static void batch_take(uint32_t *next)
{
    serial_queue_handle_t *queue = &serial.end[CONSUMER];
    struct serial_batch from = serial_batch_take(queue);

    if (queue_batch_left(&from.n) == 0) {
        explore_wait();
        return;
    }
    batch_seen(queue_batch_left(&from.n));
    while (queue_batch_left(&from.n) > 0) {
        explore_read(from.n.index & from.n.mask);
        if (serial_batch_read(&from) != (char)('a' + (*next)++)) {
            explore_fail("a wrong element");
        }
    }
    serial_batch_publish(&from);
    if (serial_require_consumer_signal(queue)) {
        serial_cancel_consumer_signal(queue);
        explore_notify(PRODUCER);
    }
}

static void batch_thread(uint32_t id)
{
    for (uint32_t next = 0; next < BATCHED;) {
        if (id == PRODUCER) {
            batch_put(&next);
        } else {
            batch_take(&next);
        }
    }
}

static const struct explore_program batch_program = {
    .thread_count = 2,
    .thread = batch_thread,
    .reset = serial_reset,
    .end = all_is_well,
};

static void batches_hold(void **unused)
{
    (void)unused;
    batches.publish_first = false;
    batches.largest = 0;
    holds(&batch_program);
    assert_int_equal(batches.largest, CAPACITY);
}

static void batches_need_acquire_release_and_order(void **unused)
{
    (void)unused;
    batches.publish_first = false;
    is_broken_by(&batch_program, EXPLORE_NO_ACQUIRE, "a race on data");
    is_broken_by(&batch_program, EXPLORE_NO_RELEASE, "a race on data");
    is_broken_by(&batch_program, EXPLORE_NO_FENCE, "a deadlock");
    batches.publish_first = true;
    is_broken_by(&batch_program, EXPLORE_SOUND, "a race on data");
}

/* --- net: the consumer asks for signals; buffers go round --------------------- */

#define NET_SLOTS      2u
#define NET_ELEMENTS   2u
#define NET_PAGE_WORDS (1 + NET_SLOTS * 2)

static struct {
    uint64_t page[2][NET_PAGE_WORDS]; /* free, active: header and slots */
    net_queue_handle_t end[2];
    uint32_t capacity; /* 1 or NET_SLOTS */
} net;

static net_queue_t *net_page(uint32_t which)
{
    return (net_queue_t *)(void *)net.page[which];
}

enum {
    NET_FREE,
    NET_ACTIVE,
};

static void net_reset(void)
{
    for (uint32_t i = 0; i < 2; i++) {
        net_queue_t *queue = net_page(i);

        /* all buffers are free; indices wrap on the way */
        explore_word(&queue->tail, i == NET_FREE ? 0x10000 - 1 : 0xffff);
        explore_word(
            &queue->head, i == NET_FREE ? 0x10000 - 1 - net.capacity : 0xffff);
        explore_word(&queue->consumer_signalled, 0);
    }
    for (uint32_t i = 0; i < net.capacity; i++) {
        net_page(NET_FREE)
            ->buffers[(0x10000 - 1 - net.capacity + i) % net.capacity]
            .desc = (net_buff_desc_t){ .io_or_offset = i };
    }
    explore_data(net.capacity); /* the buffers' content */
    for (uint32_t i = 0; i < 2; i++) {
        net_queue_init(&net.end[i], net_page(NET_FREE), net_page(NET_ACTIVE),
            net.capacity);
    }
}

/* Takes a buffer from the queue of which `id` is the consumer, sleeping as the
 * protocol says when there is none. */
static net_buff_desc_t net_take(uint32_t id)
{
    net_queue_handle_t *handle = &net.end[id];
    bool is_free = id == PRODUCER;
    net_buff_desc_t buffer = { .io_or_offset = 0 };

    for (;;) {
        int none = is_free ? net_dequeue_free(handle, &buffer)
                           : net_dequeue_active(handle, &buffer);

        if (none == 0) {
            break;
        }
        if (is_free) {
            net_request_signal_free(handle);
        } else {
            net_request_signal_active(handle);
        }
        if (is_free ? net_queue_empty_free(handle)
                    : net_queue_empty_active(handle)) {
            explore_wait();
        } else if (is_free) {
            net_cancel_signal_free(handle);
        } else {
            net_cancel_signal_active(handle);
        }
    }
    if (buffer.io_or_offset >= net.capacity) {
        explore_fail("a buffer from nowhere");
    }
    return buffer;
}

static void net_produce(uint32_t i)
{
    net_queue_handle_t *handle = &net.end[PRODUCER];
    net_buff_desc_t buffer = net_take(PRODUCER);

    explore_write((uint32_t)buffer.io_or_offset);
    buffer.len = (uint16_t)i;
    if (net_enqueue_active(handle, buffer) != 0) {
        explore_fail("a full queue with a buffer to spare");
    }
    if (net_require_signal_active(handle)) {
        net_cancel_signal_active(handle);
        explore_notify(CONSUMER);
    }
}

static void net_consume(uint32_t i)
{
    net_queue_handle_t *handle = &net.end[CONSUMER];
    net_buff_desc_t buffer = net_take(CONSUMER);

    explore_read((uint32_t)buffer.io_or_offset);
    if (buffer.len != i) {
        explore_fail("a wrong element");
    }
    if (net_enqueue_free(handle, buffer) != 0) {
        explore_fail("a full queue with a buffer to spare");
    }
    if (net_require_signal_free(handle)) {
        net_cancel_signal_free(handle);
        explore_notify(PRODUCER);
    }
}

static void net_thread(uint32_t id)
{
    for (uint32_t i = 0; i < NET_ELEMENTS; i++) {
        if (id == PRODUCER) {
            net_produce(i);
        } else {
            net_consume(i);
        }
    }
}

static const struct explore_program net_program = {
    .thread_count = 2,
    .thread = net_thread,
    .reset = net_reset,
    .end = all_is_well,
};

static void net_holds(void **unused)
{
    (void)unused;
    for (net.capacity = 1; net.capacity <= NET_SLOTS; net.capacity *= 2) {
        holds(&net_program);
    }
}

static void net_needs_acquire_release_and_the_fence(void **unused)
{
    (void)unused;
    net.capacity = 1;
    is_broken_by(&net_program, EXPLORE_NO_ACQUIRE, "a race on data");
    is_broken_by(&net_program, EXPLORE_NO_RELEASE, "a race on data");
    is_broken_by(&net_program, EXPLORE_NO_FENCE, "a deadlock");
}

/* --- net, in batches: both queues of a direction in one pass, as the copier and
 * the virtualisers do --------------------------------------------------------- */

/* Elements of the queue of which `id` is the consumer. */
static struct net_batch net_batch_take(uint32_t id)
{
    net_queue_handle_t *handle = &net.end[id];
    bool is_free = id == PRODUCER;

    for (;;) {
        struct net_batch from = is_free ? net_batch_take_free(handle)
                                        : net_batch_take_active(handle);

        if (queue_batch_left(&from.n) > 0) {
            return from;
        }
        if (is_free) {
            net_request_signal_free(handle);
        } else {
            net_request_signal_active(handle);
        }
        if (is_free ? net_queue_empty_free(handle)
                    : net_queue_empty_active(handle)) {
            explore_wait();
        } else if (is_free) {
            net_cancel_signal_free(handle);
        } else {
            net_cancel_signal_active(handle);
        }
    }
}

/* One buffer on its way through one side. */
static net_buff_desc_t net_pass(
    uint32_t id, net_buff_desc_t buffer, uint32_t *next)
{
    if (buffer.io_or_offset >= net.capacity) {
        explore_fail("a buffer from nowhere");
    }
    if (id == PRODUCER) {
        explore_write((uint32_t)buffer.io_or_offset);
        buffer.len = (uint16_t)*next;
    } else {
        explore_read((uint32_t)buffer.io_or_offset);
        if (buffer.len != *next) {
            explore_fail("a wrong element");
        }
    }
    ++*next;
    return buffer;
}

static void net_batch_signal(uint32_t id)
{
    net_queue_handle_t *handle = &net.end[id];

    if (id == PRODUCER && net_require_signal_active(handle)) {
        net_cancel_signal_active(handle);
        explore_notify(CONSUMER);
    }
    if (id == CONSUMER && net_require_signal_free(handle)) {
        net_cancel_signal_free(handle);
        explore_notify(PRODUCER);
    }
}

static void net_batch_thread(uint32_t id)
{
    net_queue_handle_t *handle = &net.end[id];

    for (uint32_t next = 0; next < NET_ELEMENTS;) {
        struct net_batch from = net_batch_take(id);
        struct net_batch to = id == PRODUCER ? net_batch_put_active(handle)
                                             : net_batch_put_free(handle);

        queue_batch_restrict(&from.n, NET_ELEMENTS - next);
        batch_seen(queue_batch_left(&from.n));
        if (queue_batch_left(&to.n) < queue_batch_left(&from.n)) {
            explore_fail("a full queue with a buffer to spare");
        }
        while (queue_batch_left(&from.n) > 0) {
            net_batch_write(&to, net_pass(id, net_batch_read(&from), &next));
        }
        net_batch_publish(&from);
        net_batch_publish(&to);
        net_batch_signal(id);
    }
}

static const struct explore_program net_batch_program = {
    .thread_count = 2,
    .thread = net_batch_thread,
    .reset = net_reset,
    .end = all_is_well,
};

static void net_batches_hold(void **unused)
{
    (void)unused;
    batches.largest = 0;
    for (net.capacity = 1; net.capacity <= NET_SLOTS; net.capacity *= 2) {
        holds(&net_batch_program);
    }
    assert_int_equal(batches.largest, NET_SLOTS);
}

static void net_batches_need_acquire_release_and_the_fence(void **unused)
{
    (void)unused;
    net.capacity = 1;
    /* an element is seen without the room that was made before it */
    is_broken_by(&net_batch_program, EXPLORE_NO_ACQUIRE,
        "a full queue with a buffer to spare");
    is_broken_by(&net_batch_program, EXPLORE_NO_RELEASE,
        "a full queue with a buffer to spare");
    is_broken_by(&net_batch_program, EXPLORE_NO_FENCE, "a deadlock");
}

/* --- a hostile peer ------------------------------------------------------------- */

#define SCRIBBLES 2u

static const uint32_t nonsense[] = { 0, 1, CAPACITY, CAPACITY + 1, 0x7fffffff,
    0x80000000, UINT32_MAX - 1, UINT32_MAX };

static void scribble(void)
{
    _Atomic uint32_t *const word[] = { &serial.page.tail, &serial.page.head,
        &serial.page.producer_signalled };

    for (uint32_t i = 0; i < SCRIBBLES; i++) {
        uint32_t where = explore_choose(3);
        uint32_t what = explore_choose(ARRAY_LEN(nonsense));

        store_relaxed_32(word[where], nonsense[what]);
    }
}

static void within(bool good)
{
    if (!good) {
        explore_fail("outside the queue");
    }
}

/* A batch never has more than the capacity, never leaves the slots, and moves
 * our index by what was used. */
static void within_batch(struct serial_batch *batch)
{
    struct queue_end *end = batch->n.end;
    uint32_t before = end->index;
    uint32_t count = queue_batch_left(&batch->n);

    within(count <= CAPACITY);
    for (uint32_t i = 0; i < count; i++) {
        within(queue_batch_next(&batch->n) < CAPACITY);
    }
    serial_batch_publish(batch);
    within(end->index - before == count);
}

static void victim_consumes(void)
{
    serial_queue_handle_t *queue = &serial.end[0];

    for (uint32_t i = 0; i < 2; i++) {
        uint32_t ready = serial_queue_length_consumer(queue);
        uint32_t piece = serial_queue_contiguous_length(queue);
        uint32_t slot = queue_slot(&queue->consumer, queue->consumer.index);

        within(ready <= CAPACITY && piece <= CAPACITY);
        within(piece == 0 || slot + piece <= CAPACITY);
        struct serial_batch from = serial_batch_take(queue);
        within_batch(&from);
        (void)serial_require_consumer_signal(queue);
    }
}

static void victim_produces(void)
{
    serial_queue_handle_t *queue = &serial.end[0];

    for (uint32_t i = 0; i < 2; i++) {
        uint32_t room = serial_queue_free(queue);

        within(room <= CAPACITY);
        within(serial_queue_length_producer(queue) <= CAPACITY);
        within(serial_enqueue_batch(queue, 5, "hello") <= CAPACITY);
        struct serial_batch to = serial_batch_put(queue);
        within_batch(&to);
        serial_request_consumer_signal(queue);
    }
}

static void hostile_consumer_thread(uint32_t id)
{
    if (id == 0) {
        victim_produces();
    } else {
        scribble();
    }
}

static void hostile_producer_thread(uint32_t id)
{
    if (id == 0) {
        victim_consumes();
    } else {
        scribble();
    }
}

static void a_hostile_consumer_is_contained(void **unused)
{
    struct explore_program program = {
        .thread_count = 2,
        .thread = hostile_consumer_thread,
        .reset = serial_reset,
        .end = all_is_well,
    };

    (void)unused;
    holds(&program);
}

static void a_hostile_producer_is_contained(void **unused)
{
    struct explore_program program = {
        .thread_count = 2,
        .thread = hostile_producer_thread,
        .reset = serial_reset,
        .end = all_is_well,
    };

    (void)unused;
    holds(&program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serial_holds),
        cmocka_unit_test(serial_needs_acquire_release_and_the_fence),
        cmocka_unit_test(serial_needs_the_second_look),
        cmocka_unit_test(batches_hold),
        cmocka_unit_test(batches_need_acquire_release_and_order),
        cmocka_unit_test(net_holds),
        cmocka_unit_test(net_needs_acquire_release_and_the_fence),
        cmocka_unit_test(net_batches_hold),
        cmocka_unit_test(net_batches_need_acquire_release_and_the_fence),
        cmocka_unit_test(a_hostile_consumer_is_contained),
        cmocka_unit_test(a_hostile_producer_is_contained),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
