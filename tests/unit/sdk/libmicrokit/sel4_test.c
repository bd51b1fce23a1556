/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sel4_test.c - protected procedure calls, message words and the calls of libsel4's names.
 */
#include "tests/unit/sdk/libmicrokit/pd_rig.h"

static const microkit_msginfo nothing;

static void test_ppcall(void **state)
{
    microkit_msginfo answer;

    (void)state;
    microkit_pps = 1ull << 5;
    rig.answer = (struct pride_msg){ microkit_msginfo_new(3, 2).words[0],
        { 31, 32, 33, 34 } };
    microkit_mr_set(0, 1);
    microkit_mr_set(3, 4);
    answer = microkit_ppcall(5, microkit_msginfo_new(9, 4));
    rig_expect("call5 ");
    assert_int_equal(rig.called.info, microkit_msginfo_new(9, 4).words[0]);
    assert_int_equal(rig.called.mr[0], 1);
    assert_int_equal(rig.called.mr[3], 4);
    assert_int_equal(microkit_msginfo_get_label(answer), 3);
    assert_int_equal(microkit_msginfo_get_count(answer), 2);
    assert_int_equal(microkit_mr_get(1), 32);
    assert_false(pride_call_aborted(answer));

    rig.error = ERR_STOPPED;
    assert_true(pride_call_aborted(microkit_ppcall(5, nothing)));
    rig.error = ERR_LENGTH;
    assert_true(pride_call_aborted(microkit_ppcall(5, nothing)));
}

/* What the buffer still holds of an earlier message is nobody else's business. */
static void test_words_beyond_the_length_stay(void **state)
{
    (void)state;
    microkit_pps = 1ull << 5;
    for (seL4_Uint16 length = 0; length <= 6; length++) {
        for (seL4_Uint8 i = 0; i < 6; i++) {
            microkit_mr_set(i, 90u + i);
        }
        (void)microkit_ppcall(5, microkit_msginfo_new(0, length));
        for (seL4_Word i = 0; i < ABI_MSG_REGS; i++) {
            assert_int_equal(rig.called.mr[i], i < length ? 90 + i : 0);
        }
    }
}

static void test_message_words_are_bounded(void **state)
{
    seL4_Word *beyond = &seL4_GetIPCBuffer()->msg[ABI_MSG_WORDS - 1] + 1;
    seL4_Word before = *beyond;

    (void)state;
    microkit_mr_set(119, 5);
    microkit_mr_set(120, 6);
    microkit_mr_set(255, 7);
    seL4_SetMR(-1, 8);
    assert_int_equal(microkit_mr_get(119), 5);
    assert_int_equal(microkit_mr_get(120), 0);
    assert_int_equal(seL4_GetMR(-1), 0);
    assert_int_equal(*beyond, before);
    assert_int_equal(seL4_GetIPCBuffer()->tag.words[0], 0);
}

static void test_message_info(void **state)
{
    microkit_msginfo info = seL4_MessageInfo_new(0xfffffffffffff, 7, 3, 127);

    (void)state;
    assert_int_equal(seL4_MessageInfo_get_label(info), 0xfffffffffffff);
    assert_int_equal(seL4_MessageInfo_get_length(info), 127);
    info = seL4_MessageInfo_set_length(info, 3);
    info = seL4_MessageInfo_set_label(info, 4);
    assert_int_equal(info.words[0], (4 << 12) | 3);
}

static void test_other_calls(void **state)
{
    seL4_ARM_SMCContext words = { .x0 = 1, .x7 = 8 };

    (void)state;
    microkit_notifications = 1u << 12;
    seL4_Signal(BASE_OUTPUT_NOTIFICATION_CAP + 12);
    assert_int_equal(seL4_IRQHandler_Ack(BASE_IRQ_CAP + 13), seL4_NoError);
    microkit_arm_smc_call(&words, &words);
    rig_expect("notify12 ack13 smc ");
    assert_int_equal(words.x0, 101);
    assert_int_equal(words.x7, 108);
    assert_int_equal(
        seL4_ARM_SMC_Call(TCB_CAP, &words, &words), seL4_InvalidCapability);
    rig.error = ERR_RIGHT;
    assert_int_equal(
        seL4_ARM_SMC_Call(ARM_SMC_CAP, &words, &words), seL4_InvalidCapability);
}

#define TEST(f) cmocka_unit_test_setup(f, rig_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ppcall),
        TEST(test_words_beyond_the_length_stay),
        TEST(test_message_words_are_bounded),
        TEST(test_message_info),
        TEST(test_other_calls),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
