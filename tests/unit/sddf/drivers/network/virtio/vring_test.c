/* SPDX-License-Identifier: BSD-2-Clause */
/* A device that lies in its rings: no buffer is lost, and no access goes
 * outside ring memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sddf/drivers/network/virtio/rig.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bad_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_duplicate_used, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_index_jump, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_scribbled_rings, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
