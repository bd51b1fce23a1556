/* SPDX-License-Identifier: BSD-2-Clause */
/* How the virtio network driver brings its device up: wrong and small devices,
 * devices that break the protocol, and what is agreed about checksums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sddf/drivers/network/virtio/rig.h"

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

/* Each rule is needed: one wrong value at a time, and no device is touched. */
static void test_config(void **state)
{
    net_driver_config_t good = config;
    device_resources_t good_device = device_resources;

    (void)state;
    config.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, "net_driver_config", "magic"));
    config = good;
    device_resources = good_device;
    config.virt_rx.num_buffers = N_BUFFERS + 1;
    assert_true(
        fake_sddf_refuses(init, "net_driver_config", "virt_rx.num_buffers"));
    config = good;
    device_resources = good_device;
    config.virt_tx.num_buffers = 0;
    assert_true(
        fake_sddf_refuses(init, "net_driver_config", "virt_tx.num_buffers"));
    config = good;
    device_resources = good_device;
    device_resources.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, "device_resources", "magic"));
    config = good;
    device_resources = good_device;
    device_resources.num_regions = 1;
    assert_true(fake_sddf_refuses(init, "device_resources", "num_regions"));
    config = good;
    device_resources = good_device;
    device_resources.num_irqs = 0;
    assert_true(fake_sddf_refuses(init, "device_resources", "num_irqs"));
    config = good;
    device_resources = good_device;
    device_resources.regions[1].region.size = RINGS_OFFSET - 1;
    assert_true(fake_sddf_refuses(init, "device_resources", "regions[1].size"));
    config = good;
    device_resources = good_device;
    assert_int_equal(dev.resets, 0);
}

/* A device that breaks the protocol at the moment when hints are accepted is
 * reset as one that broke the protocol. */
static void test_hints_and_broken(void **state)
{
    (void)state;
    net_hints_accept(&rx_virt, true);
    dev_use(QUEUE_RX, 1, 0);
    notified(VIRT_RX);
    assert_int_equal(counted(RESETS), 1);
    assert_true(driver.rx_hints);
    assert_int_equal(rx_census(), N_BUFFERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bring_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_devices, prepare, tear_down),
        cmocka_unit_test_setup_teardown(test_small_queue, prepare, tear_down),
        cmocka_unit_test_setup_teardown(test_gives_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_needs_reset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hints_negotiated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hints_not_offered, prepare, tear_down),
        cmocka_unit_test_setup_teardown(test_config, prepare, tear_down),
        cmocka_unit_test_setup_teardown(
            test_hints_and_broken, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
