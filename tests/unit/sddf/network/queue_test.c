/* SPDX-License-Identifier: BSD-2-Clause */
/* Net queues: order, exact room across the 16 bit wrap, lying peers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/net_rig.h"

#define CAPACITY 512u

static net_buff_desc_t numbered(uint32_t n)
{
    return (net_buff_desc_t){ .io_or_offset = n, .len = (uint16_t)n };
}

/* Fills and drains by odd amounts until both indices have wrapped often; the
 * queue takes exactly its capacity at every position. */
static void test_wrap_and_full(void **state)
{
    struct net_link link = rig_link(CAPACITY);
    net_queue_handle_t producer = rig_handle(&link);
    net_queue_handle_t consumer = rig_handle(&link);
    uint32_t in = 0;
    uint32_t out = 0;

    (void)state;
    while (in < 5 * 65536) {
        net_buff_desc_t got;

        while (net_enqueue_active(&producer, numbered(in)) == 0) {
            in++;
        }
        assert_int_equal(in - out, CAPACITY);
        assert_true(net_queue_full_active(&producer));
        assert_int_equal(net_queue_length(link.active), CAPACITY);
        for (uint32_t i = 0; i < 1 + in % 300; i++) {
            assert_int_equal(net_dequeue_active(&consumer, &got), 0);
            assert_int_equal(got.io_or_offset, out);
            assert_int_equal(got.len, (uint16_t)out);
            out++;
        }
        assert_false(net_queue_full_active(&producer));
    }
    assert_int_equal(net_queue_bad_peer(&producer), 0);
    assert_int_equal(net_queue_bad_peer(&consumer), 0);
    rig_unlink(&link);
}

static void test_empty(void **state)
{
    struct net_link link = rig_link(4);
    net_queue_handle_t q = rig_handle(&link);
    net_buff_desc_t got = numbered(7);

    (void)state;
    assert_true(net_queue_empty_free(&q));
    assert_int_equal(net_dequeue_free(&q, &got), -1);
    assert_int_equal(got.io_or_offset, 7);
    net_buffers_init(&q, 0x1000);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(net_dequeue_free(&q, &got), 0);
        assert_int_equal(got.io_or_offset, 0x1000 + i * NET_BUFFER_SIZE);
    }
    assert_true(net_queue_empty_free(&q));
    rig_unlink(&link);
}

/* A producer that claims more than fits has put in nothing. */
static void test_lying_producer(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t consumer = rig_handle(&link);
    net_buff_desc_t got;

    (void)state;
    assert_int_equal(net_dequeue_active(&consumer, &got), -1);
    for (uint32_t tail = 9; tail < 65536; tail += 97) {
        link.active->tail = (uint16_t)tail;
        assert_int_equal(net_dequeue_active(&consumer, &got), -1);
        assert_true(net_queue_empty_active(&consumer));
    }
    assert_true(net_queue_bad_peer(&consumer) > 0);
    link.active->tail = 8; /* it mends its ways */
    assert_int_equal(net_dequeue_active(&consumer, &got), 0);
    rig_unlink(&link);
}

/* A consumer that claims to have taken what was never put in. */
static void test_lying_consumer(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t producer = rig_handle(&link);

    (void)state;
    assert_int_equal(net_enqueue_active(&producer, numbered(1)), 0);
    link.active->head = 2;
    assert_int_equal(net_enqueue_active(&producer, numbered(2)), -1);
    assert_true(net_queue_full_active(&producer));
    link.active->head = 1;
    assert_int_equal(net_enqueue_active(&producer, numbered(2)), 0);
    rig_unlink(&link);
}

/* The peer rewrites our own index: we do not notice. */
static void test_own_index_is_private(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t producer = rig_handle(&link);
    net_queue_handle_t consumer = rig_handle(&link);
    net_buff_desc_t got;

    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(net_enqueue_active(&producer, numbered(i)), 0);
        uint16_t tail = link.active->tail;
        link.active->tail = (uint16_t)(i * 7919);
        assert_true(net_ring_room(link.active, &producer.active_in, 8) < 9);
        link.active->tail = tail;
        link.active->head = (uint16_t)(i * 104729);
        assert_int_equal(net_dequeue_active(&consumer, &got), 0);
        assert_int_equal(got.io_or_offset, i);
    }
    rig_unlink(&link);
}

/* Who fills a queue first may not be who produces into it later. */
static void test_late_producer(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t virt = rig_handle(&link);
    net_queue_handle_t client = rig_handle(&link);
    net_buff_desc_t got;

    (void)state;
    net_buffers_init(&client, 0);
    assert_int_equal(net_dequeue_free(&client, &got), 0);
    assert_int_equal(net_enqueue_free(&virt, numbered(42)), 0);
    for (uint32_t i = 1; i < 8; i++) {
        assert_int_equal(net_dequeue_free(&client, &got), 0);
        assert_int_equal(got.io_or_offset, i * NET_BUFFER_SIZE);
    }
    assert_int_equal(net_dequeue_free(&client, &got), 0);
    assert_int_equal(got.io_or_offset, 42);
    rig_unlink(&link);
}

static void test_bad_capacity_is_closed(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t q;
    net_buff_desc_t got;

    (void)state;
    for (uint32_t capacity = 0; capacity < 8; capacity++) {
        if (capacity != 0 && (capacity & (capacity - 1)) == 0) {
            continue;
        }
        net_queue_init(&q, link.free, link.active, capacity);
        assert_int_equal(net_enqueue_free(&q, numbered(1)), -1);
        link.free->tail = 3;
        assert_int_equal(net_dequeue_free(&q, &got), -1);
        link.free->tail = 0;
    }
    rig_unlink(&link);
}

/* Nothing is seen before it is published, and then all of it. */
static void test_batch(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t p = rig_handle(&link);
    net_queue_handle_t c = rig_handle(&link);
    struct net_batch put = net_batch_put_active(&p);
    struct net_batch take = net_batch_take_active(&c);

    (void)state;
    assert_int_equal(queue_batch_left(&put.n), 8);
    for (uint32_t i = 0; i < 5; i++) {
        net_batch_write(&put, numbered(i));
    }
    assert_int_equal(queue_batch_left(&put.n), 3);
    assert_int_equal(queue_batch_left(&take.n), 0);
    assert_true(net_queue_empty_active(&c));
    net_batch_publish(&put);
    assert_int_equal(queue_batch_left(&put.n), 0);
    take = net_batch_take_active(&c);
    assert_int_equal(queue_batch_left(&take.n), 5);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(net_batch_read(&take).io_or_offset, i);
    }
    assert_int_equal(net_ring_room(link.active, &p.active_in, 8), 3);
    net_batch_publish(&take);
    assert_int_equal(net_ring_room(link.active, &p.active_in, 8), 6);
    take = net_batch_take_active(&c);
    assert_int_equal(queue_batch_left(&take.n), 2);
    assert_int_equal(net_batch_read(&take).io_or_offset, 3);
    rig_unlink(&link);
}

/* A batch that is shown goes on behind what the peer has seen, across the wrap
 * of the indices too, and offers no more than it did. */
static void test_batch_shown(void **state)
{
    struct net_link link = rig_link(4);
    net_queue_handle_t p = rig_handle(&link);
    net_queue_handle_t c = rig_handle(&link);
    uint32_t in = 0;

    (void)state;
    for (uint32_t round = 0; round < 65536 / 2; round++) {
        struct net_batch put = net_batch_put_active(&p);

        assert_int_equal(queue_batch_left(&put.n), 4);
        net_batch_write(&put, numbered(in));
        net_batch_write(&put, numbered(in + 1));
        assert_int_equal(net_queue_length(link.active), 0);
        net_batch_show(&put);
        assert_int_equal(net_queue_length(link.active), 2);
        assert_int_equal(queue_batch_used(&put.n), 0);
        assert_int_equal(queue_batch_left(&put.n), 2);
        net_batch_write(&put, numbered(in + 2));
        assert_int_equal(net_queue_length(link.active), 2);
        net_batch_publish(&put);
        assert_int_equal(net_queue_length(link.active), 3);
        assert_int_equal(queue_batch_left(&put.n), 0);

        for (uint32_t i = 0; i < 3; i++, in++) {
            net_buff_desc_t got;

            assert_int_equal(net_dequeue_active(&c, &got), 0);
            assert_int_equal(got.io_or_offset, in);
        }
    }
    rig_unlink(&link);
}

/* A batch that is not published changes nothing; one that is published twice
 * moves the index once. */
static void test_batch_forgotten(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t p = rig_handle(&link);
    net_queue_handle_t c = rig_handle(&link);
    struct net_batch put = net_batch_put_active(&p);

    (void)state;
    net_batch_write(&put, numbered(7));
    put = net_batch_put_active(&p);
    assert_int_equal(queue_batch_left(&put.n), 8);
    net_batch_write(&put, numbered(1));
    net_batch_write(&put, numbered(2));
    net_batch_publish(&put);
    net_batch_publish(&put);
    struct net_batch take = net_batch_take_active(&c);
    assert_int_equal(queue_batch_left(&take.n), 2);
    assert_int_equal(net_batch_read(&take).io_or_offset, 1);
    rig_unlink(&link);
}

static void test_batch_restricted(void **state)
{
    struct net_link link = rig_link(8);
    net_queue_handle_t p = rig_handle(&link);
    net_queue_handle_t c = rig_handle(&link);
    struct net_batch put = net_batch_put_active(&p);

    (void)state;
    queue_batch_restrict(&put.n, 9); /* never more than was offered */
    assert_int_equal(queue_batch_left(&put.n), 8);
    queue_batch_restrict(&put.n, 2);
    assert_int_equal(queue_batch_left(&put.n), 2);
    net_batch_write(&put, numbered(1));
    net_batch_write(&put, numbered(2));
    assert_int_equal(queue_batch_left(&put.n), 0);
    net_batch_publish(&put);
    struct net_batch take = net_batch_take_active(&c);
    assert_int_equal(net_batch_read(&take).io_or_offset, 1);
    assert_int_equal(net_batch_read(&take).io_or_offset, 2);
    queue_batch_undo(&take.n);
    assert_int_equal(net_batch_read(&take).io_or_offset, 2);
    queue_batch_undo(&take.n);
    net_batch_publish(&take);
    assert_int_equal(net_queue_length(link.active), 1);
    rig_unlink(&link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrap_and_full),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_lying_producer),
        cmocka_unit_test(test_lying_consumer),
        cmocka_unit_test(test_own_index_is_private),
        cmocka_unit_test(test_late_producer),
        cmocka_unit_test(test_bad_capacity_is_closed),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_batch_shown),
        cmocka_unit_test(test_batch_forgotten),
        cmocka_unit_test(test_batch_restricted),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
