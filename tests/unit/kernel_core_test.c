/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_core_test.c - the kernel's semantics: notifications, the control block,
 * faults and control, interrupts, the FPU; one case per promise of
 * kernel/kernel.md, on the fake architecture.
 */
#include "tests/unit/kernel_rig.h"

#include "abi/err.h"

#define BOTH (ABI_CH_NOTIFY)

/* --- notifications ------------------------------------------------------- */

static void notification_wakes_and_switches(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t low = rig_pd("low", 10, 0);
    uint16_t high = rig_pd("high", 20, 0);
    rig_channel(low, 3, BOTH, high, 5, BOTH);
    rig_boot();
    rig_settle(10);

    rig_call(low, ABI_SYS_NOTIFY, 3, 0, 0, 0);
    assert_int_equal(rig_running(), high);
    assert_int_equal(rig_reg(high, 0), ABI_EVENT_NOTIFICATION);
    assert_int_equal(rig_reg(high, 1), 1u << 5);
    assert_int_equal(rig_reg(low, 0), ERR_OK);

    /* to a lower priority: no switch, kept until it waits */
    rig_call(high, ABI_SYS_NOTIFY, 5, 0, 0, 0);
    assert_int_equal(rig_running(), high);
    rig_call(high, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), low);
    rig_call(low, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(low, 1), 1u << 3);
}

static void deferred_notification_to_itself_arrives(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t a = rig_pd("a", 20, 0);
    rig_channel(a, 1, BOTH, a, 2, BOTH);
    rig_boot();
    rig_settle(20);

    rig_control(a)->notify_at_wait = 1u << 1;
    rig_call(a, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), a);
    assert_int_equal(rig_reg(a, 0), ABI_EVENT_NOTIFICATION);
    assert_int_equal(rig_reg(a, 1), 1u << 2);
}

static void notifications_are_binary_and_join(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t sink = rig_pd("sink", 10, 0);
    uint16_t a = rig_pd("a", 30, 0);
    rig_channel(a, 0, BOTH, sink, 7, BOTH);
    rig_channel(a, 1, BOTH, sink, 63, BOTH);
    rig_boot();
    rig_settle(30);

    rig_call(a, ABI_SYS_NOTIFY, 1, 0, 0, 0);
    rig_call(a, ABI_SYS_NOTIFY, 0, 0, 0, 0);
    rig_call(a, ABI_SYS_NOTIFY, 0, 0, 0, 0);
    rig_call(a, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_call(sink, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_true(rig_reg(sink, 1) == (1ull << 63 | 1ull << 7));
}

static void wrong_channels_are_errors(void **unused)
{
    (void)unused;
    rig_reset();
    uint16_t a = rig_pd("a", 10, 0);
    uint16_t b = rig_pd("b", 5, 0);
    rig_channel(a, 0, 0, b, 0, ABI_CH_NOTIFY);
    rig_channel(a, 2, ABI_CH_SERVE, b, 2, ABI_CH_CALL);
    rig_irq(a, 1, 9);
    rig_boot();
    rig_settle(10);

    static const uint64_t ids[] = { 3, 62, 63, 64, 65, 1u << 31, UINT64_MAX };
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        rig_call(a, ABI_SYS_NOTIFY, ids[i], 0, 0, 0);
        assert_int_equal(rig_reg(a, 0), ERR_CHANNEL);
        rig_call(a, ABI_SYS_PPCALL, ids[i], 0, 0, 0);
        assert_int_equal(rig_reg(a, 0), ERR_CHANNEL);
        rig_call(a, ABI_SYS_IRQ_ACK, ids[i], 0, 0, 0);
        assert_int_equal(rig_reg(a, 0), ERR_CHANNEL);
    }
    rig_call(a, ABI_SYS_NOTIFY, 1, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_RIGHT);
    rig_call(a, ABI_SYS_NOTIFY, 2, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_RIGHT);
    rig_call(a, ABI_SYS_PPCALL, 2, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_RIGHT);
    rig_call(a, ABI_SYS_IRQ_ACK, 2, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_CHANNEL);
    rig_call(a, ABI_SYS_COUNT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_CALL);
    rig_call(a, 0xffffffff, 0, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_CALL);
    rig_call(a, ABI_SYS_VCPU, 0, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_UNSUPPORTED);
    rig_call(a, ABI_SYS_SMC, 0, 0, 0, 0);
    assert_int_equal(rig_reg(a, 0), ERR_RIGHT);
}

/* --- the control block ---------------------------------------------------- */

/* watcher > sender > lazy and loud; lazy is less urgent than sender */
struct quartet {
    uint16_t watcher;
    uint16_t sender;
    uint16_t lazy;
};

static struct quartet quartet(void)
{
    struct quartet q;

    rig_reset();
    q.watcher = rig_pd("watcher", 40, 0);
    q.sender = rig_pd("sender", 30, 0);
    q.lazy = rig_pd("lazy", 10, 0);
    rig_channel(q.sender, 1, BOTH, q.lazy, 2, BOTH);
    rig_channel(q.sender, 3, BOTH, q.watcher, 4, BOTH);
    rig_channel(q.sender, 5, 0, q.lazy, 6, BOTH);
    rig_irq(q.sender, 7, 9);
    rig_irq(q.watcher, 8, 10);
    rig_child(q.watcher, 0, q.sender);
    rig_boot();
    rig_settle(30);
    return q;
}

static void lazy_notifications_arrive_at_any_entry(void **unused)
{
    (void)unused;
    struct quartet q = quartet();

    /* more urgent peers, missing rights, interrupts, nothing: no effect */
    rig_control(q.sender)->notify_lazy = UINT64_MAX;
    rig_call(q.sender, ABI_SYS_NOTIFY, 99, 0, 0, 0);
    assert_int_equal(rig_running(), q.sender);
    assert_true(kernel_pd(&kernel, q.watcher)->pending == 0);
    rig_call(q.sender, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), q.lazy);
    rig_call(q.lazy, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(q.lazy, 1), 1u << 2);

    /* an interrupt is an entry, and so is a fault */
    rig_interrupt(9);
    assert_int_equal(rig_running(), q.sender);
    rig_control(q.sender)->notify_lazy = 1u << 1;
    rig_interrupt(10);
    assert_int_equal(rig_running(), q.watcher);
    assert_true(kernel_pd(&kernel, q.lazy)->pending == 1u << 2);
    rig_call(q.watcher, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_control(q.sender)->notify_lazy = 1u << 1;
    kernel_pd(&kernel, q.lazy)->pending = 0;
    rig_fault(q.sender, ABI_FAULT_VM, 0);
    assert_true(kernel_pd(&kernel, q.lazy)->pending == 1u << 2);
}

/* Whatever ends a PD's turn, what it left is delivered before. */
static void lazy_notifications_precede_stop(void **unused)
{
    (void)unused;
    struct quartet q = quartet();

    rig_control(q.sender)->notify_lazy = 1u << 1;
    rig_interrupt(10);
    rig_call(q.watcher, ABI_SYS_PD_CONTROL, 0, ABI_PD_STOP, 0, 0);
    rig_call(q.watcher, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), q.lazy);
    rig_call(q.lazy, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(q.lazy, 1), 1u << 2);
}

static void deferred_operations_happen_at_wait(void **unused)
{
    (void)unused;
    struct quartet q = quartet();

    rig_call(q.sender, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_interrupt(9);
    assert_int_equal(rig_running(), q.sender);
    rig_control(q.sender)->notify_at_wait = UINT64_MAX;
    rig_control(q.sender)->ack_at_wait = UINT64_MAX;
    rig_call(q.sender, ABI_SYS_NOTIFY, 99, 0, 0, 0);
    assert_int_equal(rig_running(), q.sender);
    assert_true((fake.active >> 9 & 1) != 0);
    rig_call(q.sender, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_true(fake.active == 0);
    assert_int_equal(rig_running(), q.watcher);
    assert_int_equal(rig_reg(q.watcher, 1), 1u << 4);
    assert_true(rig_control(q.sender)->notify_at_wait == 0);
    assert_true(rig_control(q.sender)->ack_at_wait == 0);
    rig_call(q.watcher, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), q.lazy);
}

/* --- faults and control -------------------------------------------------- */

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
    assert_int_equal(rig_reg(f.parent, 0), ABI_EVENT_FAULT);
    assert_int_equal(rig_reg(f.parent, 1), 6);
    assert_true(rig_reg(f.parent, 2) == rig_info(ABI_FAULT_VM, 6));
    assert_int_equal(rig_reg(f.parent, 3), 0x100);
    assert_int_equal(rig_reg(f.parent, 6), 0x103);
    assert_int_equal(pd_message(kernel_pd(&kernel, f.parent))[5], 0x105);
    rig_call(f.parent, ABI_SYS_REPLY_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.child);

    /* waiting without a reply leaves the child faulted */
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.client);
    assert_int_equal(kernel_pd(&kernel, f.child)->wait_state, PD_FAULTED);
}

static void parentless_faults_go_to_the_monitor(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_call(f.child, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_fault(f.client, ABI_FAULT_USER_EXCEPTION, 1);
    assert_int_equal(rig_running(), 0);
    assert_int_equal(rig_reg(0, 1), f.client);
    rig_call(0, ABI_SYS_PD_CONTROL, f.client, ABI_PD_STOP, 0, 0);
    assert_int_equal(rig_reg(0, 0), ERR_OK);
    assert_true(kernel_pd(&kernel, f.client)->stopped);
    rig_call(0, ABI_SYS_PD_CONTROL, f.child, ABI_PD_STOP, 0, 0);
    assert_int_equal(rig_reg(0, 0), ERR_CHILD);
}

static void child_ids_are_checked(void **unused)
{
    (void)unused;
    struct family f = family(0);
    static const uint64_t ids[] = { 0, 5, 7, 63, 64, 1u << 20, UINT64_MAX };

    rig_fault(f.child, ABI_FAULT_VM, 0);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        for (uint64_t op = 0; op <= ABI_PD_OPS; op++) {
            rig_call(f.parent, ABI_SYS_PD_CONTROL, ids[i], op, 0, 0);
            assert_int_equal(rig_reg(f.parent, 0), ERR_CHILD);
        }
    }
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_OPS, 0, 0);
    assert_int_equal(rig_reg(f.parent, 0), ERR_CALL);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, UINT64_MAX, 0, 0);
    assert_int_equal(rig_reg(f.parent, 0), ERR_CALL);
}

static void restart_starts_afresh(void **unused)
{
    (void)unused;
    struct family f = family(ABI_PD_FPU);

    rig_fpu(f.child, 55);
    kernel_pd(&kernel, f.child)->context.sp = 1;
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_RESTART, 0x4000, 0);
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.child);
    assert_int_equal(kernel_pd(&kernel, f.child)->context.pc, 0x4000);
    assert_int_equal(kernel_pd(&kernel, f.child)->context.sp, 0x900000);
    assert_int_equal(kernel_pd(&kernel, f.child)->starts, 2);
    rig_fpu(f.child, 56);
    assert_int_equal(fake.fpu_word, 56);
    assert_int_equal(kernel_pd(&kernel, f.child)->fpu.word, 0);
}

static void restart_releases_callers(void **unused)
{
    (void)unused;
    struct family f = family(ABI_PD_PASSIVE);

    rig_call(f.child, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_call(f.client, ABI_SYS_PPCALL, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.child);
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_RESTART, 0x4000, 0);
    assert_ptr_equal(kernel_pd(&kernel, f.client)->budget_owner,
        kernel_pd(&kernel, f.client));
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.child);
    rig_call(f.child, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.client);
    assert_int_equal(rig_reg(f.client, 0), ERR_STOPPED);
}

static void calls_to_a_stopped_pd_fail_at_once(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_STOP, 0, 0);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_INFO, 0, 0);
    assert_int_equal(rig_reg(f.parent, 1), ABI_STATE_STOPPED);
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.client);
    rig_call(f.client, ABI_SYS_PPCALL, 0, 0, 0, 0);
    assert_int_equal(rig_reg(f.client, 0), ERR_STOPPED);
    assert_int_equal(rig_running(), f.client);

    /* a notification is kept for later */
    rig_call(f.client, ABI_SYS_NOTIFY, 1, 0, 0, 0);
    assert_int_equal(rig_running(), f.client);
    rig_call(f.client, ABI_SYS_NOTIFY, 2, 0, 0, 0);
    assert_int_equal(rig_running(), f.parent);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_RESUME, 0, 0);
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.child);
    rig_call(f.child, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(f.child, 1), 1u << 3);
}

static void a_stopped_waiter_wakes_only_after_resume(void **unused)
{
    (void)unused;
    struct family f = family(0);

    rig_call(f.child, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_call(f.client, ABI_SYS_NOTIFY, 2, 0, 0, 0);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_STOP, 0, 0);
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_call(f.client, ABI_SYS_NOTIFY, 1, 0, 0, 0);
    assert_int_equal(rig_running(), f.client);
    rig_call(f.client, ABI_SYS_NOTIFY, 2, 0, 0, 0);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_RESUME, 0, 0);
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    /* it repeats the wait it was stopped in */
    assert_int_equal(rig_running(), f.child);
    rig_call(f.child, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_reg(f.child, 1), 1u << 3);
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

    uint64_t pc = kernel_pd(&kernel, child)->context.pc;
    rig_call(child, ABI_SYS_PPCALL, 0, 0, rig_info(8, 0), 0);
    assert_int_equal(rig_running(), server);
    rig_interrupt(5);
    assert_int_equal(rig_running(), parent);
    rig_call(parent, ABI_SYS_IRQ_ACK, 1, 0, 0, 0);
    rig_call(parent, ABI_SYS_PD_CONTROL, 0, ABI_PD_STOP, 0, 0);
    assert_ptr_equal(
        kernel_pd(&kernel, server)->budget_owner, kernel_pd(&kernel, server));
    assert_true(kernel_pd(&kernel, child)->context.pc == pc);
    rig_call(parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), server);
    rig_interrupt(5);
    rig_call(parent, ABI_SYS_PD_CONTROL, 0, ABI_PD_RESUME, 0, 0);
    rig_call(parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    /* the reply goes nowhere */
    rig_call(server, ABI_SYS_REPLY_WAIT, 0, 0, rig_info(1, 0), 0);
    assert_int_equal(rig_running(), child);
}

static void registers_can_be_read_and_written(void **unused)
{
    (void)unused;
    struct family f = family(0);

    kernel_pd(&kernel, f.child)->context.reg[6] = 66;
    rig_fault(f.child, ABI_FAULT_VM, 0);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_READ_REGS, 0, 0);
    assert_int_equal(pd_message(kernel_pd(&kernel, f.parent))[6], 66);
    pd_message(kernel_pd(&kernel, f.parent))[6] = 67;
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_WRITE_REGS,
        ARCH_CONTEXT_WORDS + 1, 0);
    assert_int_equal(rig_reg(f.parent, 0), ERR_RANGE);
    rig_call(f.parent, ABI_SYS_PD_CONTROL, 6, ABI_PD_WRITE_REGS,
        ARCH_CONTEXT_WORDS, 1);
    assert_int_equal(rig_reg(f.parent, 0), ERR_OK);
    assert_int_equal(kernel_pd(&kernel, f.child)->context.reg[6], 67);
    rig_call(f.parent, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_int_equal(rig_running(), f.child);
}

/* --- interrupts ---------------------------------------------------------- */

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
    assert_int_equal(rig_reg(driver, 1), 1u << 2);
    rig_interrupt(33);
    assert_true((fake.pending >> 33 & 1) != 0);
    rig_call(driver, ABI_SYS_IRQ_ACK, 2, 0, 0, 0);
    assert_int_equal(rig_reg(driver, 0), ERR_OK);
    assert_true(fake.active == 0);
    /* acknowledging again does nothing */
    rig_call(driver, ABI_SYS_IRQ_ACK, 2, 0, 0, 0);
    assert_int_equal(rig_reg(driver, 0), ERR_OK);
    rig_call(driver, ABI_SYS_WAIT, 0, 0, 0, 0);
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

/* --- FPU ----------------------------------------------------------------- */

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
    rig_call(a, ABI_SYS_WAIT, 0, 0, 0, 0);
    assert_false(fake.fpu_on);
    rig_fpu(b, 222);
    rig_call(b, ABI_SYS_NOTIFY, 0, 0, 0, 0);
    rig_fpu(a, 111);
    assert_int_equal(kernel_pd(&kernel, b)->fpu.word, 222);
    rig_call(a, ABI_SYS_WAIT, 0, 0, 0, 0);
    rig_call(b, ABI_SYS_WAIT, 0, 0, 0, 0);
    /* a PD without the attribute faults */
    rig_fpu(c, 1);
    assert_int_equal(rig_running(), 0);
    assert_int_equal(kernel_pd(&kernel, c)->wait_state, PD_FAULTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notification_wakes_and_switches),
        cmocka_unit_test(deferred_notification_to_itself_arrives),
        cmocka_unit_test(notifications_are_binary_and_join),
        cmocka_unit_test(wrong_channels_are_errors),
        cmocka_unit_test(lazy_notifications_arrive_at_any_entry),
        cmocka_unit_test(lazy_notifications_precede_stop),
        cmocka_unit_test(deferred_operations_happen_at_wait),
        cmocka_unit_test(fault_reaches_the_parent_and_reply_resumes),
        cmocka_unit_test(parentless_faults_go_to_the_monitor),
        cmocka_unit_test(child_ids_are_checked),
        cmocka_unit_test(restart_starts_afresh),
        cmocka_unit_test(restart_releases_callers),
        cmocka_unit_test(calls_to_a_stopped_pd_fail_at_once),
        cmocka_unit_test(a_stopped_waiter_wakes_only_after_resume),
        cmocka_unit_test(stopping_a_caller_cancels_its_call),
        cmocka_unit_test(registers_can_be_read_and_written),
        cmocka_unit_test(interrupt_is_masked_until_acknowledged),
        cmocka_unit_test(unowned_interrupts_are_counted),
        cmocka_unit_test(fpu_follows_its_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
