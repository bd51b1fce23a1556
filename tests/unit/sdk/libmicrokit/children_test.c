/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * children_test.c - operations of a parent on its children.
 */
#include "tests/unit/sdk/libmicrokit/pd_rig.h"

static void test_read_registers_keeps_message(void **state)
{
    seL4_UserContext regs = { 0 };

    (void)state;
    for (int i = 0; i < 60; i++) {
        seL4_SetMR(i, (seL4_Word)i);
    }
    assert_int_equal(seL4_TCB_ReadRegisters(BASE_TCB_CAP + 3, seL4_False, 0,
                         SEL4_USER_CONTEXT_SIZE, &regs),
        seL4_NoError);
    rig_expect("pd3.3 ");
    assert_int_equal(regs.pc, 1000);
    assert_int_equal(regs.tpidrro_el0, 1035);
    for (int i = 0; i < 60; i++) {
        assert_int_equal(seL4_GetMR(i), i);
    }
    regs.sp = 5;
    assert_int_equal(
        seL4_TCB_ReadRegisters(BASE_TCB_CAP + 3, seL4_True, 0, 1, &regs),
        seL4_NoError);
    rig_expect("pd3.0 pd3.3 ");
    assert_int_equal(regs.sp, 5);
    assert_int_equal(
        seL4_TCB_ReadRegisters(BASE_TCB_CAP, seL4_False, 0, 37, &regs),
        seL4_RangeError);
    rig_expect("");
    rig.error = ERR_CHILD;
    assert_int_equal(
        seL4_TCB_ReadRegisters(BASE_TCB_CAP, seL4_True, 0, 1, &regs),
        seL4_InvalidCapability);
    rig_expect("pd0.0 ");
}

static void test_write_registers(void **state)
{
    seL4_UserContext regs = { .pc = 5, .sp = 6 };

    (void)state;
    seL4_SetMR(0, 77);
    assert_int_equal(
        seL4_TCB_WriteRegisters(BASE_TCB_CAP + 1, seL4_True, 0, 2, &regs),
        seL4_NoError);
    rig_expect("pd1.4 ");
    assert_int_equal(rig.control[0], 2);
    assert_int_equal(rig.control[1], 1);
    assert_int_equal(rig.registers[1], 6);
    assert_int_equal(rig.registers[2], 1002);
    assert_int_equal(seL4_GetMR(0), 77);
    assert_int_equal(
        seL4_TCB_WriteRegisters(BASE_TCB_CAP + 1, seL4_True, 0, 37, &regs),
        seL4_RangeError);
    rig_expect("");
}

static void test_children(void **state)
{
    struct pride_pd_info info = { 0 };

    (void)state;
    microkit_pd_stop(2);
    microkit_pd_resume(2);
    microkit_pd_restart(2, 0x200000);
    rig_expect("pd2.0 pd2.1 pd2.2 ");
    assert_int_equal(rig.control[0], 0x200000);
    assert_int_equal(seL4_TCB_Suspend(BASE_TCB_CAP + 1), seL4_NoError);
    assert_int_equal(seL4_TCB_Resume(BASE_TCB_CAP + 1), seL4_NoError);
    rig_expect("pd1.0 pd1.1 ");

    rig.result[0] = ABI_STATE_CALLING;
    rig.result[1] = 1ull << 40;
    rig.result[2] = 3;
    rig.result[3] = 4;
    assert_int_equal(pride_pd_info(0, &info), ERR_OK);
    assert_int_equal(info.state, ABI_STATE_CALLING);
    assert_int_equal(info.ticks, 1ull << 40);
    assert_int_equal(info.starts, 3);
    assert_int_equal(info.switches, 4);
    rig.error = ERR_CHILD;
    rig.result[0] = ABI_STATE_READY;
    assert_int_equal(pride_pd_info(0, &info), ERR_CHILD);
    assert_int_equal(info.state, ABI_STATE_CALLING);
    assert_int_equal(pride_pd_stop(63), ERR_CHILD);
}

#define TEST(f) cmocka_unit_test_setup(f, rig_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_read_registers_keeps_message),
        TEST(test_write_registers),
        TEST(test_children),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
