/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_test.c - the kernel's entries: system call numbers, the FPU.
 */
#include "tests/unit/kernel/core/rig.h"

#define BOTH (ABI_CH_NOTIFY)

static void fpu_follows_its_user(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t a = rig_pd("a", 20, ABI_PD_FPU);
    uint16_t b = rig_pd("b", 10, ABI_PD_FPU);
    uint16_t c = rig_pd("c", 5, 0);
    rig_channel(b, 0, BOTH, a, 0, BOTH);
    rig_boot();
    rig_settle(20);

    rig_fpu(a, 111);
    rig_wait(a);
    assert_false(fake.fpu_on);
    rig_fpu(b, 222);
    rig_notify(b, 0);
    rig_fpu(a, 111);
    assert_int_equal(rig_state(b)->fpu.word, 222);
    rig_wait(a);
    rig_wait(b);
    /* a PD without the attribute faults */
    rig_fpu(c, 1);
    assert_int_equal(rig_running(), 0);
    assert_int_equal(rig_state(c)->wait_state, PD_FAULTED);
}

static void other_system_calls_are_errors(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t a = rig_pd("a", 10, 0);
    rig_boot();
    rig_settle(10);

    rig_syscall(a, ABI_SYS_COUNT, (uint64_t[4]){ 0 });
    assert_int_equal(rig_error(a), ERR_CALL);
    rig_syscall(a, 0xffffffff, (uint64_t[4]){ 0 });
    assert_int_equal(rig_error(a), ERR_CALL);
    rig_syscall(a, ABI_SYS_VCPU, (uint64_t[4]){ 0 });
    assert_int_equal(rig_error(a), ERR_UNSUPPORTED);
    rig_syscall(a, ABI_SYS_SMC, (uint64_t[4]){ 0 });
    assert_int_equal(rig_error(a), ERR_RIGHT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fpu_follows_its_user),
        cmocka_unit_test(other_system_calls_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
