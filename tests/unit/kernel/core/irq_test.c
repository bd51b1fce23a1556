/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq_test.c - interrupts as notifications, on the fake architecture.
 */
#include "tests/unit/kernel/core/rig.h"

static void interrupt_is_masked_until_acknowledged(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t driver = rig_pd("driver", 30, 0);
    uint16_t other = rig_pd("other", 10, 0);
    rig_irq(driver, 2, 33);
    rig_boot();
    rig_settle(10);

    rig_interrupt(33);
    assert_int_equal(rig_running(), driver);
    assert_int_equal(rig_event_id(driver), 1u << 2);
    rig_interrupt(33);
    assert_true((fake.pending >> 33 & 1) != 0);
    rig_irq_ack(driver, 2);
    assert_int_equal(rig_error(driver), ERR_OK);
    assert_true(fake.active == 0);
    /* acknowledging again does nothing */
    rig_irq_ack(driver, 2);
    assert_int_equal(rig_error(driver), ERR_OK);
    rig_wait(driver);
    (void)other;
}

static void unowned_interrupts_are_counted(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t pd = rig_pd("pd", 30, 0);
    rig_boot();
    rig_settle(30);
    fake.enabled = UINT64_MAX;
    rig_interrupt(44);
    assert_int_equal(kernel.spurious, 1);
    assert_int_equal(rig_running(), pd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interrupt_is_masked_until_acknowledged),
        cmocka_unit_test(unowned_interrupts_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
