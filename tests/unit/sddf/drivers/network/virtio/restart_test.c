/* SPDX-License-Identifier: BSD-2-Clause */
/* A new virtio network driver takes over from one that died at any step: every
 * buffer is somewhere, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/unit/sddf/drivers/network/virtio/rig.h"

/* Their steps one at a time: rx_stage() and tx_stage() without what follows. */
#include "sddf/drivers/network/virtio/rx.c"
#include "sddf/drivers/network/virtio/tx.c"

static void test_restart_keeps_buffers(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        send(i);
    }
    notified(VIRT_TX);
    assert_int_equal(dev_send(5), 5);
    for (uint32_t i = 0; i < 10; i++) {
        assert_true(dev_receive(60));
    }
    /* 5 sent, 10 received, nothing reported: the driver dies */
    restart();
    assert_true(driver.alive);
    assert_int_equal(rx_census(), N_BUFFERS);
    assert_int_equal(tx_census(), 20);
    assert_int_equal(counted(TX_REPEATED), 20);
    assert_int_equal(dev_send(UINT32_MAX), 20);
    assert_true(dev_receive(60));
    interrupt();
    assert_int_equal(net_queue_length(rx_link.active), 1);
}

/* Death between two steps of handing frames on. */
static void test_restart_while_returning(void **state)
{
    net_queue_handle_t *q = &driver.rx_queue;
    uint16_t pairs[BATCH];
    net_buff_desc_t buffer;

    (void)state;
    assert_true(dev_receive(60)); /* so that the indices are not all 0 */
    interrupt();
    assert_int_equal(net_dequeue_active(&rx_virt, &buffer), 0);
    assert_int_equal(net_enqueue_free(&rx_virt, buffer), 0);
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 6; i++) {
            assert_true(dev_receive(60));
        }
        struct net_batch to = net_batch_put_active(q);

        assert_int_equal(queue_batch_left(&to.n), N_BUFFERS - 6 * round);
        rx_stage(&driver, &to, 6, pairs);
        assert_int_equal(queue_batch_used(&to.n), 6);
        if (round == 1) {
            net_batch_publish(&to);
        }
        restart();
        assert_int_equal(rx_census(), N_BUFFERS);
        assert_int_equal(net_queue_length(rx_link.active), 12 * round);
        interrupt();
        for (uint32_t i = 0; i < 6 - 6 * round; i++) {
            assert_true(dev_receive(60));
        }
        interrupt();
        assert_int_equal(rx_census(), N_BUFFERS);
    }
}

/* One frame is sent and its buffer comes back, so that the indices are not all
 * 0, which is what a journal holds that was never written. */
static void send_one(void)
{
    net_buff_desc_t buffer;

    net_request_signal_free(&tx_virt);
    send(20);
    notified(VIRT_TX);
    assert_int_equal(dev_send(1), 1);
    interrupt();
    assert_int_equal(net_dequeue_free(&tx_virt, &buffer), 0);
}

/* Death between two steps of handing the buffers of sent frames back. */
static void test_restart_while_returning_sent(void **state)
{
    uint16_t pairs[BATCH];

    (void)state;
    send_one();
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 6; i++) {
            send(6 * round + i);
        }
        net_cancel_signal_free(&tx_virt);
        tx_provide(&driver);
        assert_int_equal(dev_send(6), 6);

        struct net_batch to = net_batch_put_free(&driver.tx_queue);
        tx_stage(&driver, &to, 6, pairs);
        assert_int_equal(queue_batch_used(&to.n), 6);
        if (round == 1) {
            net_batch_publish(&to);
        }
        restart();
        /* not seen by the virtualiser: sent once more */
        assert_int_equal(dev_send(UINT32_MAX), 6 * (1 - round));
        assert_int_equal(tx_census(), 6 + 6 * round);
        interrupt();
        assert_int_equal(net_queue_length(tx_link.free), 6 + 6 * round);
        assert_int_equal(tx_census(), 6 + 6 * round);
    }
}

/* Death after buffers were posted, before they were taken from the queue: as if
 * the store of the queue's head had not happened. */
static void test_restart_while_posting(void **state)
{
    net_buff_desc_t buffer;

    (void)state;
    send_one();
    for (uint32_t i = 0; i < 9; i++) {
        send(i);
    }
    notified(VIRT_TX);
    assert_int_equal(tx_link.active->head, 10);
    tx_link.active->head = 1;
    restart();
    assert_int_equal(tx_census(), 9);
    assert_int_equal(dev_send(UINT32_MAX), 9);

    for (uint32_t i = 0; i < 20; i++) {
        assert_true(dev_receive(60));
    }
    interrupt();
    while (net_dequeue_active(&rx_virt, &buffer) == 0) {
        assert_int_equal(net_enqueue_free(&rx_virt, buffer), 0);
    }
    uint16_t head = rx_link.free->head;
    notified(VIRT_RX);
    assert_int_equal((uint16_t)(rx_link.free->head - head), 20);
    rx_link.free->head = head;
    restart();
    assert_int_equal(rx_census(), N_BUFFERS);
}

/* Restarts at random moments of a busy life. */
static void test_restart_storm(void **state)
{
    uint32_t seed = 7;
    net_buff_desc_t buffer;
    uint32_t tx_out = 0; /* frames on the way, from 0..31 */

    (void)state;
    for (uint32_t step = 0; step < 20000; step++) {
        seed = seed * 1103515245 + 12345;
        switch (seed >> 16 & 7) {
        case 0:
            (void)dev_receive(60);
            break;
        case 1:
            (void)dev_send(3);
            break;
        case 2:
        case 3:
            interrupt();
            break;
        case 4:
            if (tx_out == 0) {
                for (; tx_out < 32; tx_out++) {
                    send(tx_out);
                }
                notified(VIRT_TX);
            }
            break;
        case 5:
            while (net_dequeue_active(&rx_virt, &buffer) == 0) {
                assert_int_equal(net_enqueue_free(&rx_virt, buffer), 0);
            }
            notified(VIRT_RX);
            break;
        case 6:
            while (net_dequeue_free(&tx_virt, &buffer) == 0) {
                tx_out--;
            }
            break;
        default:
            if ((seed >> 20 & 15) == 0) {
                restart();
            }
            break;
        }
        assert_int_equal(rx_census(), N_BUFFERS);
        assert_int_equal(tx_census(), tx_out);
    }
    assert_true(driver.alive);
}

/* The journal lies in memory that the device may write to. */
static void test_restart_with_a_bad_journal(void **state)
{
    static const uint32_t pairs[] = { 3, 2 * VRING_PAIRS_MAX, UINT32_MAX,
        1u << 31 };

    uint32_t good = driver.journal->pairs;
    uint64_t *size = &device_resources.regions[1].region.size;

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(pairs); i++) {
        driver.journal->pairs = pairs[i];
        restart();
        assert_false(driver.alive);
    }
    driver.journal->pairs = good;
    *size = RINGS_OFFSET + 2 * (uint64_t)vring_size(good);
    restart();
    assert_true(driver.alive);
    *size -= 1;
    restart();
    assert_false(driver.alive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_restart_keeps_buffers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_while_returning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_while_returning_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_while_posting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restart_storm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_with_a_bad_journal, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
