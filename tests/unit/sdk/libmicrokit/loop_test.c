/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loop_test.c - the event loop of every PD.
 */
#include "tests/unit/sdk/libmicrokit/pd_rig.h"

#include "sdk/libmicrokit/loop.h"

static const microkit_msginfo nothing;

static void test_notifications_lowest_first(void **state)
{
    (void)state;
    rig_event(
        ABI_EVENT_NOTIFICATION, (1ull << 63) | (1ull << 5) | 1, nothing, NULL);
    rig_event(ABI_EVENT_NOTIFICATION, 0, nothing, NULL);
    rig_run();
    rig_expect("wait notified(0) notified(5) notified(63) wait wait ");
}

static void test_notification_leaves_message_words(void **state)
{
    (void)state;
    seL4_GetIPCBuffer()->msg[0] = 99;
    rig_event(ABI_EVENT_NOTIFICATION, 1, nothing, NULL);
    rig_run();
    assert_int_equal(seL4_GetIPCBuffer()->msg[0], 99);
}

static void set_reply_words(void)
{
    assert_int_equal(microkit_mr_get(0), 11);
    assert_int_equal(microkit_mr_get(3), 14);
    microkit_mr_set(0, 21);
    microkit_mr_set(1, 22);
    microkit_mr_set(2, 23);
    microkit_mr_set(3, 24);
}

static void test_call_is_answered_once(void **state)
{
    (void)state;
    rig_event(ABI_EVENT_CALL, 61, microkit_msginfo_new(0xfffff, 120),
        set_reply_words);
    rig_event(ABI_EVENT_NOTIFICATION, 2, nothing, NULL);
    rig_event(ABI_EVENT_NOTIFICATION, 0, nothing, NULL);
    rig_run();
    rig_expect("wait protected(61,1048575,120) reply_wait notified(1) wait "
               "wait ");
    assert_int_equal(rig.replied.info, microkit_msginfo_new(7, 2).words[0]);
    assert_int_equal(rig.replied.mr[0], 21);
    assert_int_equal(rig.replied.mr[1], 22);
    /* beyond the length of 2: nothing, whatever is in the buffer */
    assert_int_equal(rig.replied.mr[2], 0);
    assert_int_equal(rig.replied.mr[3], 0);
}

static void test_calls_follow_one_another(void **state)
{
    (void)state;
    rig_event(ABI_EVENT_CALL, 1, microkit_msginfo_new(5, 0), NULL);
    rig_event(ABI_EVENT_CALL, 2, microkit_msginfo_new(6, 0), NULL);
    rig_event(ABI_EVENT_FAULT, 3, microkit_msginfo_new(6, 4), NULL);
    rig_event(ABI_EVENT_CALL, 4, microkit_msginfo_new(7, 0), NULL);
    rig_run();
    rig_expect("wait protected(1,5,0) reply_wait protected(2,6,0) reply_wait "
               "fault(3,6) wait protected(4,7,0) reply_wait ");
}

static void test_fault_is_resumed_only_on_request(void **state)
{
    (void)state;
    rig.resume = seL4_False;
    rig_event(ABI_EVENT_FAULT, 253, microkit_msginfo_new(seL4_Fault_VMFault, 4),
        NULL);
    rig_run();
    rig_expect("wait fault(253,6) wait ");
    assert_int_equal(microkit_mr_get(seL4_VMFault_FSR), 14);
    rig.resume = seL4_True;
    rig_event(
        ABI_EVENT_FAULT, 0, microkit_msginfo_new(seL4_Fault_VMFault, 4), NULL);
    rig_event(ABI_EVENT_NOTIFICATION, 0, nothing, NULL);
    rig_run();
    rig_expect("wait fault(0,6) reply_wait wait ");
}

static void test_unknown_event_is_ignored(void **state)
{
    (void)state;
    rig_event(77, 1, nothing, NULL);
    rig_event(ABI_EVENT_NOTIFICATION, 2, nothing, NULL);
    rig_event(ABI_EVENT_CALL, 1, microkit_msginfo_new(5, 0), NULL);
    rig_event(77, 1, nothing, NULL);
    rig_run();
    rig_expect("wait wait notified(1) wait protected(1,5,0) reply_wait wait ");
}

static void test_prepare_acknowledges_interrupts(void **state)
{
    (void)state;
    microkit_irqs = (1ull << 61) | 1;
    loop_prepare();
    rig_expect("ack0 ack61 ");
    assert_string_equal(rig.console, "");
    microkit_irqs = 0;
    microkit_passive = 1;
    loop_prepare();
    rig_expect("");
    assert_string_equal(rig.console, "MON|INFO: PD 'unit' is now passive!\n");
}

#define TEST(f) cmocka_unit_test_setup(f, rig_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_notifications_lowest_first),
        TEST(test_notification_leaves_message_words),
        TEST(test_call_is_answered_once),
        TEST(test_calls_follow_one_another),
        TEST(test_fault_is_resumed_only_on_request),
        TEST(test_unknown_event_is_ignored),
        TEST(test_prepare_acknowledges_interrupts),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
