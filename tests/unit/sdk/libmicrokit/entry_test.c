/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry_test.c - what was deferred, and lazy notifications.
 */
#include "tests/unit/sdk/libmicrokit/pd_rig.h"

static const microkit_msginfo nothing;

static void defer_many(void)
{
    microkit_deferred_notify(1);
    microkit_deferred_irq_ack(4);
    microkit_deferred_notify(61);
    microkit_deferred_notify(1);
    microkit_deferred_irq_ack(2);
    microkit_deferred_notify(9);
    assert_true(microkit_have_signal);
    assert_int_equal(microkit_signal_cap, BASE_OUTPUT_NOTIFICATION_CAP + 9);
}

static void test_every_deferred_operation_is_made(void **state)
{
    (void)state;
    microkit_notifications = ~0ul;
    microkit_irqs = ~0ul;
    rig_event(ABI_EVENT_NOTIFICATION, 1, nothing, defer_many);
    rig_event(ABI_EVENT_NOTIFICATION, 0, nothing, NULL);
    rig_run();
    rig_expect(
        "wait notified(0) ack2 ack4 notify1 notify9 notify61 wait wait ");
    assert_false(microkit_have_signal);
}

static void test_deferred_before_reply(void **state)
{
    (void)state;
    microkit_notifications = ~0ul;
    microkit_irqs = ~0ul;
    rig_event(ABI_EVENT_CALL, 3, microkit_msginfo_new(5, 4), defer_many);
    rig_run();
    rig_expect("wait protected(3,5,4) "
               "ack2 ack4 notify1 notify9 notify61 reply_wait ");
}

static void test_deferred_across_events_of_one_wait(void **state)
{
    (void)state;
    microkit_notifications = ~0ul;
    microkit_irqs = ~0ul;
    rig_event(ABI_EVENT_NOTIFICATION, 0x81, nothing, defer_many);
    rig_run();
    rig_expect("wait notified(0) notified(7) "
               "ack2 ack4 notify1 notify9 notify61 wait ");
}

/* One wait of the loop; what it carries out is in the log. */
static void wait_once(void)
{
    rig_run();
}

static void test_globals_written_by_program(void **state)
{
    (void)state;
    microkit_have_signal = seL4_True;
    microkit_signal_cap = BASE_OUTPUT_NOTIFICATION_CAP + 8;
    wait_once();
    rig_expect("notify8 wait ");
    microkit_have_signal = seL4_True;
    microkit_signal_cap = BASE_IRQ_CAP + 7;
    wait_once();
    rig_expect("ack7 wait ");
    /* the same again, after the library deferred it once */
    microkit_notifications = 1u << 8;
    microkit_deferred_notify(8);
    wait_once();
    rig_expect("notify8 wait ");
    microkit_have_signal = seL4_True;
    microkit_signal_cap = BASE_OUTPUT_NOTIFICATION_CAP + 8;
    wait_once();
    rig_expect("notify8 wait ");
    microkit_have_signal = seL4_True;
    microkit_signal_cap = MONITOR_EP;
    wait_once();
    rig_expect("wait ");
}

static void test_lazy_notifications_need_no_system_call(void **state)
{
    (void)state;
    microkit_notifications = 0x7;
    pride_notify_lazy = 0x2;
    microkit_notify(1);
    microkit_notify(2);
    rig_expect("notify2 ");
    assert_int_equal(microkit_internal_control()->notify_lazy, 0x2);
    microkit_notify(1);
    assert_int_equal(microkit_internal_control()->notify_lazy, 0x2);
    rig_expect("");
}

#define TEST(f) cmocka_unit_test_setup(f, rig_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_deferred_operation_is_made),
        TEST(test_deferred_before_reply),
        TEST(test_deferred_across_events_of_one_wait),
        TEST(test_globals_written_by_program),
        TEST(test_lazy_notifications_need_no_system_call),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
