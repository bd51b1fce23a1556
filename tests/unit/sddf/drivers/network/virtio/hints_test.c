/* SPDX-License-Identifier: BSD-2-Clause */
/* What the virtio net driver and its device say about checksums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sddf/drivers/network/virtio/rig.h"

static struct vring_header *dev_header(uint32_t q, uint32_t id)
{
    struct virtq_desc *desc = ring_at(dev.queue[q].address[0]);

    return ring_at(desc[id].addr);
}

/* Receives a frame of 100 bytes with such a header; returns what the
 * virtualiser gets. */
static net_buff_desc_t receive_with(struct vring_header header)
{
    struct virtq_desc frame;
    net_buff_desc_t got;
    uint32_t id;

    assert_true(dev_take(QUEUE_RX, &id, &frame));
    *dev_header(QUEUE_RX, id) = header;
    dev_use(QUEUE_RX, id, 100 + HEADER_SIZE);
    interrupt();
    assert_int_equal(net_dequeue_active(&rx_virt, &got), 0);
    assert_int_equal(got.len, 100);
    assert_int_equal(net_enqueue_free(&rx_virt, got), 0);
    return got;
}

/* Everybody behind the virtualiser accepts hints. */
static void accept_hints(void)
{
    assert_true(net_hints_offered(&rx_virt));
    net_hints_accept(&rx_virt, true);
    notified(VIRT_RX);
    assert_true((dev.accepted & FEATURE_GUEST_CSUM) != 0);
}

/* No partial checksum is asked for before the neighbours accept one; then the
 * device is started again, once, and no buffer is lost. */
static void test_hints_negotiated(void **state)
{
    (void)state;
    assert_int_equal(dev.accepted & FEATURE_GUEST_CSUM, 0);
    struct vring_header partial = { .flags = HEADER_NEEDS_CSUM };
    assert_int_equal(receive_with(partial).checksum, NET_CHECKSUM_NONE);

    uint32_t resets = dev.resets;
    accept_hints();
    assert_int_equal(dev.resets, resets + 1);
    assert_int_equal(rx_census(), N_BUFFERS);
    notified(VIRT_RX);
    assert_int_equal(dev.resets, resets + 1);
    assert_int_equal(counted(RESETS), 0);

    restart();
    assert_true(driver.rx_hints);
    assert_int_equal(rx_census(), N_BUFFERS);
}

/* A device that cannot is not started again, and nothing is promised. */
static void test_hints_not_offered(void **state)
{
    uint32_t resets;

    (void)state;
    dev.features = (UINT64_C(1) << 32) | FEATURE_MAC;
    init();
    resets = dev.resets;
    assert_false(net_hints_offered(&rx_virt));
    assert_false(net_hints_accepted(&tx_virt));
    net_hints_accept(&rx_virt, true);
    notified(VIRT_RX);
    assert_int_equal(dev.resets, resets);
    assert_int_equal(dev.accepted, (UINT64_C(1) << 32) | FEATURE_MAC);
}

static void test_rx_hints(void **state)
{
    struct vring_header partial = {
        .flags = HEADER_NEEDS_CSUM, .csum_start = 34, .csum_offset = 64
    };
    struct vring_header good = { .flags = HEADER_DATA_VALID };
    struct vring_header none = { .csum_start = 34, .csum_offset = 6 };

    (void)state;
    accept_hints();
    net_buff_desc_t got = receive_with(partial);
    assert_int_equal(got.checksum, NET_CHECKSUM_PARTIAL);
    assert_int_equal(got.checksum_start, 34);
    assert_int_equal(got.checksum_offset, 64);
    assert_int_equal(receive_with(good).checksum, NET_CHECKSUM_GOOD);
    assert_int_equal(receive_with(none).checksum, NET_CHECKSUM_NONE);
    partial.csum_offset = 65; /* its second byte is outside */
    assert_int_equal(receive_with(partial).checksum, NET_CHECKSUM_NONE);
    partial.csum_start = UINT16_MAX;
    partial.csum_offset = UINT16_MAX;
    assert_int_equal(receive_with(partial).checksum, NET_CHECKSUM_NONE);
    assert_int_equal(counted(BAD_CHECKSUM), 2);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_hints_negotiated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rx_hints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tx_hints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hints_not_offered, prepare, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
