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

static void victim_consumes(void)
{
    serial_queue_handle_t *queue = &serial.end[0];

    for (uint32_t i = 0; i < 2; i++) {
        uint32_t ready = serial_queue_length_consumer(queue);
        uint32_t piece = serial_queue_contiguous_length(queue);
        uint32_t slot = queue_slot(&queue->consumer, queue->consumer.index);

        within(ready <= CAPACITY && piece <= CAPACITY);
        within(piece == 0 || slot + piece <= CAPACITY);
        serial_update_shared_head(queue, serial_queue_head(queue) + ready);
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
        cmocka_unit_test(net_holds),
        cmocka_unit_test(net_needs_acquire_release_and_the_fence),
        cmocka_unit_test(a_hostile_consumer_is_contained),
        cmocka_unit_test(a_hostile_producer_is_contained),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
