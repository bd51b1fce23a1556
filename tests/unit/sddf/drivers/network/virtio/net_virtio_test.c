/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtio net driver against a device that this test plays, well behaved or
 * not; and restarts in the middle of things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sddf/drivers/network/virtio/rig.h"

/* --- Tests: the normal course ---------------------------------------------------- */

static void test_bring_up(void **state)
{
    (void)state;
    assert_int_equal(
        dev.status, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER |
                        VIRTIO_STATUS_FEATURES_OK | VIRTIO_STATUS_DRIVER_OK);
    assert_int_equal(
        dev.accepted, (UINT64_C(1) << 32) | FEATURE_MAC | FEATURE_CSUM);
    assert_int_equal(dev.queue[0].num, 256);
    assert_int_equal(dev.queue[1].num, 256);
    assert_int_equal(vring_in_flight(&driver.rx), N_BUFFERS);
    assert_int_equal(dev.notified[QUEUE_RX], 1);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_receive(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 3000; round++) {
        net_buff_desc_t buffer;
        uint32_t burst = 1 + round % (N_BUFFERS / 2);

        for (uint32_t i = 0; i < burst; i++) {
            assert_true(dev_receive(14 + i));
        }
        interrupt();
        assert_int_equal(dev.isr, 0);
        for (uint32_t i = 0; i < burst; i++) {
            assert_int_equal(net_dequeue_active(&rx_virt, &buffer), 0);
            assert_int_equal(buffer.len, 14 + i);
            assert_int_equal(net_enqueue_free(&rx_virt, buffer), 0);
        }
        assert_int_equal(net_dequeue_active(&rx_virt, &buffer), -1);
        net_request_signal_active(&rx_virt);
        if (net_require_signal_free(&rx_virt)) {
            notified(VIRT_RX);
        }
        assert_int_equal(rx_census(), N_BUFFERS);
    }
    assert_int_equal(counted(BAD_USED), 0);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 3000);
}

/* A signal is asked for only when the device is short of buffers. */
static void test_receive_signals(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < N_BUFFERS / 2; i++) {
        assert_false(net_require_signal_free(&rx_virt));
        assert_true(dev_receive(60));
        interrupt();
    }
    assert_false(net_require_signal_free(&rx_virt));
    assert_true(dev_receive(60));
    interrupt();
    assert_true(net_require_signal_free(&rx_virt));
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_transmit(void **state)
{
    net_buff_desc_t buffer;

    (void)state;
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t burst = 1 + round % N_BUFFERS;
        uint32_t kicks = dev.notified[QUEUE_TX];

        net_request_signal_free(&tx_virt); /* or they come back later */
        for (uint32_t i = 0; i < burst; i++) {
            send(i);
        }
        notified(VIRT_TX);
        assert_int_equal(dev.notified[QUEUE_TX], kicks + 1);
        assert_int_equal(tx_census(), burst);
        assert_int_equal(dev_send(UINT32_MAX), burst);
        interrupt();
        for (uint32_t i = 0; i < burst; i++) {
            assert_int_equal(net_dequeue_free(&tx_virt, &buffer), 0);
        }
        assert_int_equal(net_dequeue_free(&tx_virt, &buffer), -1);
    }
    assert_int_equal(counted(TX_PACKETS) > 3000, true);
}

/* Tx interrupts are on exactly while the virtualiser waits for buffers. */
static void test_transmit_interrupts(void **state)
{
    (void)state;
    net_cancel_signal_free(&tx_virt);
    send(0);
    notified(VIRT_TX);
    assert_false(tx_interrupts_wanted());
    net_request_signal_free(&tx_virt);
    send(1);
    notified(VIRT_TX);
    assert_true(tx_interrupts_wanted());
    assert_int_equal(dev_send(2), 2);
    interrupt();
    assert_int_equal(fake_sddf.notify[VIRT_TX], 1);
    assert_int_equal(net_queue_length(tx_link.free), 2);
    assert_false(tx_interrupts_wanted());
}

/* The wish for buffers holds until the virtualiser takes it back: after a
 * signal nobody knows whether those that came are enough. */
static void test_transmit_wish_holds(void **state)
{
    (void)state;
    net_request_signal_free(&tx_virt);
    send(0);
    send(1);
    notified(VIRT_TX);
    assert_int_equal(dev_send(1), 1);
    interrupt();
    assert_int_equal(net_queue_length(tx_link.free), 1);
    assert_true(tx_interrupts_wanted()); /* the virtualiser has not run yet */
    assert_int_equal(dev_send(1), 1);
    interrupt();
    assert_int_equal(net_queue_length(tx_link.free), 2);
    assert_false(tx_interrupts_wanted()); /* nothing is on the way */
}

/* Without a wish, sent frames are collected a batch at a time. */
static void test_transmit_lazily(void **state)
{
    net_buff_desc_t buffer;
    uint32_t lazy = driver.tx_lazy;

    (void)state;
    assert_true(lazy > 0);
    net_cancel_signal_free(&tx_virt);
    for (uint32_t i = 0; i < lazy; i++) {
        send(i);
        notified(VIRT_TX);
        assert_int_equal(dev_send(1), 1);
        assert_int_equal(net_queue_length(tx_link.free), 0);
    }
    send(lazy);
    notified(VIRT_TX);
    assert_int_equal(net_queue_length(tx_link.free), lazy);
    assert_int_equal(net_dequeue_free(&tx_virt, &buffer), 0);
    assert_int_equal(tx_census(), lazy);
}

/* A device that says it looks anyway is not notified. */
static void test_no_notify(void **state)
{
    uint32_t before = dev.notified[QUEUE_TX];

    (void)state;
    dev_used_ring(QUEUE_TX)->flags = VIRTQ_USED_F_NO_NOTIFY;
    send(0);
    notified(VIRT_TX);
    assert_int_equal(dev.notified[QUEUE_TX], before);
    assert_int_equal(dev_send(1), 1);
}

static void test_bad_tx_length(void **state)
{
    net_buff_desc_t buffer = { .io_or_offset = TX_IO, .len = 0 };

    (void)state;
    assert_int_equal(net_enqueue_active(&tx_virt, buffer), 0);
    send(1);
    buffer.io_or_offset += 2 * NET_BUFFER_SIZE;
    buffer.len = NET_BUFFER_SIZE + 1;
    assert_int_equal(net_enqueue_active(&tx_virt, buffer), 0);
    send(3);
    notified(VIRT_TX);
    assert_int_equal(counted(TX_BAD_LENGTH), 2);
    assert_int_equal(net_queue_length(tx_link.free), 2);
    assert_int_equal(dev_send(9), 2);
    assert_int_equal(tx_census(), 4);
}

/* --- Tests: devices that are not what they should be ------------------------------- */

static void expect_dead(void)
{
    init();
    assert_false(driver.alive);
    notified(IRQ);
    notified(VIRT_RX);
    notified(VIRT_TX);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 0);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_wrong_devices(void **state)
{
    (void)state;
    dev.magic = 0;
    expect_dead();
    dev_defaults();
    dev.version = 1;
    expect_dead();
    dev_defaults();
    dev.id = 2;
    expect_dead();
    dev_defaults();
    dev.features = 0xffff; /* legacy only */
    expect_dead();
    dev_defaults();
    dev.refuse_features = true;
    expect_dead();
    dev_defaults();
    dev.num_max = 0;
    expect_dead();
    dev_defaults();
    dev.status = 1;
    dev.never_reset = true;
    expect_dead();
    assert_true(strstr(fake_sddf.console, "does not start") != NULL);
    dev_defaults(); /* the same driver, a good device at last */
    init();
    assert_true(driver.alive);
}

static void test_small_queue(void **state)
{
    (void)state;
    dev.num_max = 8;
    init();
    assert_true(driver.alive);
    assert_int_equal(vring_in_flight(&driver.rx), 4);
    for (uint32_t i = 0; i < 40; i++) {
        send(i % N_BUFFERS);
    }
    notified(VIRT_TX);
    uint32_t sent = 0;
    for (uint32_t i = 0; i < 40; i++) {
        sent += dev_send(1);
        interrupt();
    }
    assert_int_equal(sent, 40);
    assert_int_equal(tx_census(), 40);
}

/* --- Tests: a device that lies ------------------------------------------------------ */

/* The driver collects sent frames, as if there were a batch of them. */
static void look_at_tx(void)
{
    driver.tx_lazy = 0;
    notified(VIRT_TX);
}

static void test_bad_ids(void **state)
{
    static const uint32_t bad[] = { 1, 255, 256, 0xffff, 0x10000, UINT32_MAX };

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        uint32_t resets = dev.resets;

        dev_use(i % 2, bad[i], 100);
        interrupt();
        look_at_tx();
        assert_int_equal(dev.resets, resets + 1);
        assert_true(driver.alive);
        assert_int_equal(rx_census(), N_BUFFERS);
    }
    assert_int_equal(counted(BAD_USED), ARRAY_LEN(bad));
    assert_true(dev_receive(60));
    interrupt();
    assert_int_equal(net_queue_length(rx_link.active), 1);
}

/* The same entry used twice. */
static void test_duplicate_used(void **state)
{
    struct virtq_desc frame;
    uint32_t id;

    (void)state;
    assert_true(dev_take(QUEUE_RX, &id, &frame));
    dev_use(QUEUE_RX, id, 100);
    dev_use(QUEUE_RX, id, 100);
    interrupt();
    assert_int_equal(net_queue_length(rx_link.active), 1);
    assert_int_equal(counted(BAD_USED), 1);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_index_jump(void **state)
{
    (void)state;
    dev_used_ring(QUEUE_RX)->idx = 5000;
    dev.isr = VIRTIO_MMIO_INT_RING;
    interrupt();
    assert_int_equal(dev.resets, 2);
    dev_used_ring(QUEUE_TX)->idx = 0xffff;
    look_at_tx();
    assert_int_equal(dev.resets, 3);
    assert_int_equal(rx_census(), N_BUFFERS);
    assert_true(driver.alive);
}

/* Lengths no frame can have: counted, the buffer is posted again. */
static void test_bad_lengths(void **state)
{
    static const uint32_t bad[] = { 0, 1, HEADER_SIZE,
        HEADER_SIZE + NET_BUFFER_SIZE + 1, UINT32_MAX };

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct virtq_desc frame;
        uint32_t id;

        assert_true(dev_take(QUEUE_RX, &id, &frame));
        dev_use(QUEUE_RX, id, bad[i]);
    }
    interrupt();
    assert_int_equal(counted(RX_BAD_LENGTH), ARRAY_LEN(bad));
    assert_int_equal(net_queue_length(rx_link.active), 0);
    assert_int_equal(rx_census(), N_BUFFERS);
    for (uint32_t i = 0; i < N_BUFFERS; i++) {
        assert_true(dev_receive(60));
    }
}

/* A device that is always wrong is given up, without losing a buffer. */
static void test_gives_up(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3 * RESETS_MAX; i++) {
        if (dev.queue[0].ready != 0) {
            dev_use(QUEUE_RX, 1, 0);
        }
        interrupt();
    }
    assert_false(driver.alive);
    assert_true((dev.status & VIRTIO_STATUS_FAILED) != 0);
    assert_true(dev.resets <= RESETS_MAX);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_needs_reset(void **state)
{
    (void)state;
    dev.isr = VIRTIO_MMIO_INT_CONFIG;
    interrupt();
    assert_int_equal(dev.resets, 1); /* a change of configuration only */
    dev.status |= VIRTIO_STATUS_NEEDS_RESET;
    dev.isr = VIRTIO_MMIO_INT_CONFIG;
    interrupt();
    assert_int_equal(dev.resets, 2);
    assert_true(driver.alive);
}

/* The device scribbles over all of ring memory. */
static void test_scribbled_rings(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (uint32_t round = 0; round < 200 && driver.alive; round++) {
        for (uint32_t i = RINGS_OFFSET; i < sizeof(rings); i++) {
            seed = seed * 1103515245 + 12345;
            rings[i] = (uint8_t)(seed >> 16);
        }
        dev.isr = VIRTIO_MMIO_INT_RING;
        notified(IRQ);
        notified(VIRT_RX);
        notified(VIRT_TX);
    }
    /* what is left is nonsense, but the driver did not leave its memory */
    assert_true(net_queue_length(rx_link.active) <= N_BUFFERS);
}

/* --- Tests: restarts ----------------------------------------------------------------- */

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

    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 6; i++) {
            assert_true(dev_receive(60));
        }
        assert_int_equal(net_ring_room(q->active, &q->active_in, N_BUFFERS),
            N_BUFFERS - 6 * round);
        driver.journal->rx_active_tail = q->active_in.index;
        uint32_t staged = rx_stage(&driver, 6, pairs);
        assert_int_equal(staged, 6);
        if (round == 1) {
            net_ring_publish(q->active, &q->active_in, staged);
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

/* Death after frames were posted, before they were taken from the queue. */
static void test_restart_while_posting(void **state)
{
    net_queue_handle_t *q = &driver.tx_queue;

    (void)state;
    for (uint32_t i = 0; i < 9; i++) {
        send(i);
    }
    driver.journal->tx_active_head = q->active_out.index;
    (void)net_ring_ready(q->active, &q->active_out, N_BUFFERS);
    for (uint32_t i = 0; i < 5; i++) {
        net_buff_desc_t buffer = net_ring_read(q->active, &q->active_out, i);

        vring_post(&driver.tx, buffer.io_or_offset, buffer.len);
    }
    restart();
    assert_int_equal(tx_census(), 9);
    assert_int_equal(dev_send(UINT32_MAX), 9);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bring_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_receive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_receive_signals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_transmit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_interrupts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_wish_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_lazily, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_notify, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_tx_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_devices, prepare, tear_down),
        cmocka_unit_test_setup_teardown(test_small_queue, prepare, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_duplicate_used, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_index_jump, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_lengths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_gives_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_needs_reset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_scribbled_rings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_keeps_buffers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_while_returning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_while_posting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restart_storm, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
