/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pd_control_test.c - faults, and what a parent does to its children.
 */
#include "tests/unit/kernel/core/rig.h"

#define BOTH (ABI_CH_NOTIFY)

struct family {
    uint16_t parent;
    uint16_t child;
    uint16_t client;
};

static struct family family(uint8_t child_flags)
{
    struct family f;

    rig_reset();
    f.parent = rig_pd("parent", 30, 0);
    f.child = rig_pd("child", 20, child_flags);
    f.client = rig_pd("client", 10, 0);
    rig_child(f.parent, 6, f.child);
    rig_channel(f.client, 0, ABI_CH_CALL, f.child, 2, ABI_CH_SERVE);
    rig_channel(f.client, 1, BOTH, f.child, 3, BOTH);
    rig_channel(f.client, 2, BOTH, f.parent, 3, BOTH);
    rig_boot();
    rig_settle(20);
    return f;
}

static void fault_reaches_the_parent_and_reply_resumes(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_fault(f.child, ABI_FAULT_VM, 0x100);
    assert_int_equal(rig_running(), f.parent);
    assert_int_equal(rig_event(f.parent), ABI_EVENT_FAULT);
    assert_int_equal(rig_event_id(f.parent), 6);
    assert_true(rig_event_info(f.parent) == rig_info(ABI_FAULT_VM, 6));
    assert_int_equal(rig_event_word(f.parent, 0), 0x100);
    assert_int_equal(rig_event_word(f.parent, 3), 0x103);
    assert_int_equal(rig_message(f.parent)[5], 0x105);
    rig_reply(f.parent, 0, 0);
    assert_int_equal(rig_running(), f.child);

    /* waiting without a reply leaves the child faulted */
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_wait(f.parent);
    assert_int_equal(rig_running(), f.client);
    assert_int_equal(rig_state(f.child)->wait_state, PD_FAULTED);
}

static void parentless_faults_go_to_the_monitor(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_wait(f.child);
    rig_fault(f.client, ABI_FAULT_USER_EXCEPTION, 1);
    assert_int_equal(rig_running(), 0);
    assert_int_equal(rig_event_id(0), f.client);
    rig_pd_control(0, f.client, ABI_PD_STOP, 0, 0);
    assert_int_equal(rig_error(0), ERR_OK);
    assert_true(rig_state(f.client)->stopped);
    rig_pd_control(0, f.child, ABI_PD_STOP, 0, 0);
    assert_int_equal(rig_error(0), ERR_CHILD);
}

static void child_ids_are_checked(void **unused)
{
    (void)unused;
    struct family f = family(0);
    static const uint64_t ids[] = { 0, 5, 7, 63, 64, 1u << 20, UINT64_MAX };

    rig_fault(f.child, ABI_FAULT_VM, 0);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        for (uint64_t op = 0; op <= ABI_PD_OPS; op++) {
            rig_pd_control(f.parent, ids[i], op, 0, 0);
            assert_int_equal(rig_error(f.parent), ERR_CHILD);
        }
    }
    rig_pd_control(f.parent, 6, ABI_PD_OPS, 0, 0);
    assert_int_equal(rig_error(f.parent), ERR_CALL);
    rig_pd_control(f.parent, 6, UINT64_MAX, 0, 0);
    assert_int_equal(rig_error(f.parent), ERR_CALL);
}

static void restart_starts_afresh(void **unused)
{
    (void)unused;
    struct family f = family(ABI_PD_FPU);

    rig_fpu(f.child, 55);
    rig_state(f.child)->context.sp = 1;
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_pd_control(f.parent, 6, ABI_PD_RESTART, 0x4000, 0);
    rig_wait(f.parent);
    assert_int_equal(rig_running(), f.child);
    assert_int_equal(rig_state(f.child)->context.pc, 0x4000);
    assert_int_equal(rig_state(f.child)->context.sp, 0x900000);
    assert_int_equal(rig_state(f.child)->starts, 2);
    rig_fpu(f.child, 56);
    assert_int_equal(fake.fpu_word, 56);
    assert_int_equal(rig_state(f.child)->fpu.word, 0);
}

static void restart_releases_callers(void **unused)
{
    (void)unused;
    struct family f = family(ABI_PD_PASSIVE);

    rig_wait(f.child);
    rig_ppcall(f.client, 0, 0, 0);
    assert_int_equal(rig_running(), f.child);
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_pd_control(f.parent, 6, ABI_PD_RESTART, 0x4000, 0);
    assert_ptr_equal(rig_state(f.client)->budget_owner, rig_state(f.client));
    rig_wait(f.parent);
    assert_int_equal(rig_running(), f.child);
    rig_wait(f.child);
    assert_int_equal(rig_running(), f.client);
    assert_int_equal(rig_error(f.client), ERR_STOPPED);
}

static void calls_to_a_stopped_pd_fail_at_once(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_pd_control(f.parent, 6, ABI_PD_STOP, 0, 0);
    rig_pd_control(f.parent, 6, ABI_PD_INFO, 0, 0);
    assert_int_equal(rig_result(f.parent, 1), ABI_STATE_STOPPED);
    rig_wait(f.parent);
    assert_int_equal(rig_running(), f.client);
    rig_ppcall(f.client, 0, 0, 0);
    assert_int_equal(rig_error(f.client), ERR_STOPPED);
    assert_int_equal(rig_running(), f.client);

    /* a notification is kept for later */
    rig_notify(f.client, 1);
    assert_int_equal(rig_running(), f.client);
    rig_notify(f.client, 2);
    assert_int_equal(rig_running(), f.parent);
    rig_pd_control(f.parent, 6, ABI_PD_RESUME, 0, 0);
    rig_wait(f.parent);
    assert_int_equal(rig_running(), f.child);
    rig_wait(f.child);
    assert_int_equal(rig_event_id(f.child), 1u << 3);
}

static void a_stopped_waiter_wakes_only_after_resume(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_wait(f.child);
    rig_notify(f.client, 2);
    rig_pd_control(f.parent, 6, ABI_PD_STOP, 0, 0);
    rig_wait(f.parent);
    rig_notify(f.client, 1);
    assert_int_equal(rig_running(), f.client);
    rig_notify(f.client, 2);
    rig_pd_control(f.parent, 6, ABI_PD_RESUME, 0, 0);
    rig_wait(f.parent);
    /* it repeats the wait it was stopped in */
    assert_int_equal(rig_running(), f.child);
    rig_wait(f.child);
    assert_int_equal(rig_event_id(f.child), 1u << 3);
}

/* A stopped caller repeats its call after resume; the server meanwhile owes
 * nobody and finishes on its own budget. */
static void stopping_a_caller_cancels_its_call(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t parent = rig_pd("parent", 50, 0);
    uint16_t server = rig_pd("server", 40, ABI_PD_PASSIVE);
    uint16_t child = rig_pd("child", 20, 0);
    rig_child(parent, 0, child);
    rig_channel(child, 0, ABI_CH_CALL, server, 0, ABI_CH_SERVE);
    rig_irq(parent, 1, 5);
    rig_boot();
    rig_settle(20);

    uint64_t pc = rig_state(child)->context.pc;
    rig_ppcall(child, 0, rig_info(8, 0), 0);
    assert_int_equal(rig_running(), server);
    rig_interrupt(5);
    assert_int_equal(rig_running(), parent);
    rig_irq_ack(parent, 1);
    rig_pd_control(parent, 0, ABI_PD_STOP, 0, 0);
    assert_ptr_equal(rig_state(server)->budget_owner, rig_state(server));
    assert_true(rig_state(child)->context.pc == pc);
    rig_wait(parent);
    assert_int_equal(rig_running(), server);
    rig_interrupt(5);
    rig_pd_control(parent, 0, ABI_PD_RESUME, 0, 0);
    rig_wait(parent);
    /* the reply goes nowhere */
    rig_reply(server, rig_info(1, 0), 0);
    assert_int_equal(rig_running(), child);
}

static void registers_can_be_read_and_written(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_state(f.child)->context.reg[6] = 66;
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_pd_control(f.parent, 6, ABI_PD_READ_REGS, 0, 0);
    assert_int_equal(rig_message(f.parent)[6], 66);
    rig_message(f.parent)[6] = 67;
    rig_pd_control(f.parent, 6, ABI_PD_WRITE_REGS, ARCH_CONTEXT_WORDS + 1, 0);
    assert_int_equal(rig_error(f.parent), ERR_RANGE);
    rig_pd_control(f.parent, 6, ABI_PD_WRITE_REGS, ARCH_CONTEXT_WORDS, 1);
    assert_int_equal(rig_error(f.parent), ERR_OK);
    assert_int_equal(rig_state(f.child)->context.reg[6], 67);
    rig_wait(f.parent);
    assert_int_equal(rig_running(), f.child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_reaches_the_parent_and_reply_resumes),
        cmocka_unit_test(parentless_faults_go_to_the_monitor),
        cmocka_unit_test(child_ids_are_checked),
        cmocka_unit_test(restart_starts_afresh),
        cmocka_unit_test(restart_releases_callers),
        cmocka_unit_test(calls_to_a_stopped_pd_fail_at_once),
        cmocka_unit_test(a_stopped_waiter_wakes_only_after_resume),
        cmocka_unit_test(stopping_a_caller_cancels_its_call),
        cmocka_unit_test(registers_can_be_read_and_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
