/* SPDX-License-Identifier: BSD-2-Clause */
/* The transmit half of the virtio network driver: frames, interrupts, buffers
 * that return in batches, lengths and checksum hints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sddf/drivers/network/virtio/rig.h"

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

/* Sends a frame of 60 bytes; returns the header that the device sees. */
static struct vring_header send_with(
    uint8_t checksum, uint16_t start, uint16_t offset)
{
    net_buff_desc_t buffer = { .io_or_offset = TX_IO,
        .len = 60,
        .checksum = checksum,
        .checksum_start = start,
        .checksum_offset = offset };
    struct virtq_desc frame;
    uint32_t id;

    net_request_signal_free(&tx_virt);
    assert_int_equal(net_enqueue_active(&tx_virt, buffer), 0);
    notified(VIRT_TX);
    assert_true(dev_take(QUEUE_TX, &id, &frame));
    struct vring_header header = *dev_header(QUEUE_TX, id);
    assert_int_equal(header.gso_type, 0);
    dev_use(QUEUE_TX, id, 0);
    interrupt();
    assert_int_equal(net_dequeue_free(&tx_virt, &buffer), 0);
    return header;
}

/* The device fills in what lies inside the frame, for whoever asked. */
static void test_tx_hints(void **state)
{
    (void)state;
    assert_true(net_hints_accepted(&tx_virt));
    /* padding of one who does not know of hints */
    assert_int_equal(send_with(NET_CHECKSUM_PARTIAL, 34, 6).flags, 0);
    net_hints_offer(&tx_virt, true);
    struct vring_header header = send_with(NET_CHECKSUM_PARTIAL, 34, 24);
    assert_int_equal(header.flags, HEADER_NEEDS_CSUM);
    assert_int_equal(header.csum_start, 34);
    assert_int_equal(header.csum_offset, 24);
    assert_int_equal(send_with(NET_CHECKSUM_PARTIAL, 34, 25).flags, 0);
    assert_int_equal(send_with(NET_CHECKSUM_PARTIAL, 60, 0).flags, 0);
    assert_int_equal(send_with(NET_CHECKSUM_PARTIAL, 0xffff, 0xffff).flags, 0);
    assert_int_equal(send_with(NET_CHECKSUM_PARTIAL, 2, 0xffff).flags, 0);
    assert_int_equal(send_with(NET_CHECKSUM_GOOD, 34, 6).flags, 0);
    assert_int_equal(send_with(0xff, 34, 6).flags, 0);
    assert_int_equal(send_with(NET_CHECKSUM_NONE, 34, 6).flags, 0);
    assert_int_equal(counted(BAD_CHECKSUM), 4);
}

/* A virtualiser whose free queue has less room than it should gets back what
 * fits, and the rest when there is room. */
static void test_return_without_room(void **state)
{
    (void)state;
    net_request_signal_free(&tx_virt);
    for (uint32_t i = 0; i < 6; i++) {
        send(i);
    }
    notified(VIRT_TX);
    assert_int_equal(dev_send(6), 6);
    tx_link.free->head = (uint16_t)(2 - N_BUFFERS);
    interrupt();
    assert_int_equal(tx_link.free->tail, 2);
    tx_link.free->head = 0;
    assert_int_equal(tx_census(), 6);
    driver.tx_lazy = 0; /* look at once */
    notified(VIRT_TX);
    assert_int_equal(tx_link.free->tail, 6);
    assert_int_equal(tx_census(), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_transmit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_interrupts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_wish_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_lazily, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_notify, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_tx_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tx_hints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_return_without_room, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
