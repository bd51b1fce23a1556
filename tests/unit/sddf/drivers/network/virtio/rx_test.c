/* SPDX-License-Identifier: BSD-2-Clause */
/* The receive half of the virtio network driver: frames, signals, lengths and
 * checksum hints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sddf/drivers/network/virtio/rig.h"

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

/* A virtualiser whose queue has less room than it should gets what fits; the
 * rest stays with the driver until there is room. */
static void test_receive_without_room(void **state)
{
    (void)state;
    rx_link.active->head = (uint16_t)(2 - N_BUFFERS);
    for (uint32_t i = 0; i < 6; i++) {
        assert_true(dev_receive(60));
    }
    interrupt();
    assert_int_equal(rx_link.active->tail, 2);
    rx_link.active->head = 0;
    assert_int_equal(rx_census(), N_BUFFERS);
    notified(VIRT_RX);
    assert_int_equal(rx_link.active->tail, 6);
    assert_int_equal(rx_census(), N_BUFFERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_receive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_receive_signals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_lengths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rx_hints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_receive_without_room, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
