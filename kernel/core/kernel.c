/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel.c - boot and the entry points an architecture calls; see arch.h.
 *
 * Every entry does one thing to the running PD, or for an interrupt, and leaves
 * through sched_leave().  Nothing here blocks, loops over PDs (but at boot) or
 * can fail halfway.
 */
#include <stddef.h>

#include "kernel/core/debug.h"
#include "kernel/core/ipc.h"
#include "kernel/core/ipc_ppcall.h"
#include "kernel/core/irq.h"
#include "kernel/core/pd.h"
#include "kernel/core/pd_control.h"
#include "kernel/core/sched.h"
#include "kernel/core/table.h"

/* The linker puts it where the stack ends: kernel.ld. */
__attribute__((section(".bss.kernel_state"))) struct kernel kernel;

/* --- epitaph ------------------------------------------------------------- */

static void print(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        arch_console_putc(*c);
    }
}

static void print_hex(uint64_t value)
{
    print("0x");
    for (uint32_t shift = 64; shift > 0; shift -= 4) {
        arch_console_putc("0123456789abcdef"[(value >> (shift - 4)) & 0xf]);
    }
}

NORETURN void kernel_panic(const char *what, uint64_t a, uint64_t b)
{
    print("\nKERNEL|STOPPED: ");
    print(what);
    print(" ");
    print_hex(a);
    print(" ");
    print_hex(b);
    if (kernel.current != NULL) {
        print(" while running ");
        print(kernel.current->entry->name);
    }
    print("\n");
    arch_halt();
}

/* --- boot ---------------------------------------------------------------- */

static uint8_t wait_kind_of(const struct abi_pd *entry)
{
    if ((entry->flags & ABI_PD_PASSIVE) != 0) {
        return PD_WAITS_LENT;
    }
    return entry->budget_us == entry->period_us ? PD_WAITS_OWN : PD_WAITS_OTHER;
}

static void prepare_pd(uint32_t index, uint64_t now)
{
    struct pd *pd = pd_at(index);
    const struct abi_pd *entry = &kernel.entries[index];

    pd->entry = entry;
    pd->index = (uint16_t)index;
    pd->state = PD_READY;
    pd->vspace = entry->vspace;
    pd->control = (void *)(uintptr_t)(entry->buffer + ABI_CONTROL_OFFSET);
    pd->priority = entry->priority;
    pd->flags = entry->flags;
    pd->wait_kind = wait_kind_of(entry);
    pd->fast_wait_kind =
        entry->fault_words == 0 ? pd->wait_kind : PD_WAITS_OTHER;
    if ((entry->flags & ABI_PD_USER_TIMER) != 0) {
        pd->special = PD_SPECIAL_TIMER;
    }
    pd->starts = 1;
    arch_context_init(&pd->context, entry->entry, entry->stack_top);
    budget_init(&pd->budget, arch_time_from_us(entry->budget_us),
        arch_time_from_us(entry->period_us), now);
    sched_ready(pd);
}

struct arch_context *kernel_boot(const struct abi_table *table)
{
    const uint8_t *bytes = (const uint8_t *)table;
    const char *why = table_check(table, ARCH_NUMBER, ARCH_EXCEPTION_LEVEL);

    kernel.table = table;
    arch_init(table);
    if (why != NULL) {
        kernel_panic(why, table->magic, table->version);
    }
    kernel.entries = (const void *)(bytes + table->pd_offset);
    kernel.state = table->state;
    kernel.irqs = (const void *)(bytes + table->irq_offset);
    kernel.irq_lines = (const void *)(bytes + table->irq_line_offset);
    kernel.deadline = SCHED_NEVER;
    kernel.highest_queued = -1;
    kernel.next_priority = -1;
    kernel.since = arch_time_now();

    for (uint32_t i = 0; i < table->pd_count; i++) {
        prepare_pd(i, kernel.since);
    }
    /* whom channels without a right lead to */
    pd_at(table->pd_count)->state = PD_FAULTED;
    irq_init();
    return sched_start();
}

/* --- system calls -------------------------------------------------------- */

static enum err smc(struct pd *pd)
{
    uint64_t word[8];
    uint64_t *message = pd_message(pd);

    if ((pd->entry->flags & ABI_PD_SMC) == 0) {
        return ERR_RIGHT;
    }
    for (uint32_t i = 0; i < 8; i++) {
        word[i] = message[i];
    }
    arch_smc(word);
    for (uint32_t i = 0; i < 8; i++) {
        message[i] = word[i];
    }
    return ERR_OK;
}

/* Calls whose only result, or first, is an error. */
static enum err simple_call(struct pd *pd, uint32_t number)
{
    uint64_t argument = arch_context_get(&pd->context, 0);
    uint64_t channel = arch_context_get(&pd->context, IPC_REG_CHANNEL);

    switch (number) {
    case ABI_SYS_NOTIFY:
        return ipc_notify(pd, channel);
    case ABI_SYS_IRQ_ACK:
        return irq_ack(pd, channel);
    case ABI_SYS_PD_CONTROL:
        return pd_control(pd);
    case ABI_SYS_SMC:
        return smc(pd);
    case ABI_SYS_DEBUG_PUTC:
        return debug_putc((char)argument);
    case ABI_SYS_VCPU:
        return ERR_UNSUPPORTED;
    default:
        return ERR_CALL;
    }
}

/* --- entries ------------------------------------------------------------- */

/* The PD that ran.  What it left to be delivered comes first of all. */
static struct pd *enter(struct arch_context *context)
{
    struct pd *pd = (struct pd *)context; /* its first member */

    kernel.current = pd;
    ipc_deliver_now(pd);
    return pd;
}

struct arch_context *kernel_syscall(
    struct arch_context *context, uint32_t number)
{
    struct pd *pd = enter(context);

    switch (number) {
    case ABI_SYS_WAIT:
        ipc_wait(pd);
        break;
    case ABI_SYS_REPLY_WAIT:
        ipc_reply_wait(pd);
        break;
    case ABI_SYS_PPCALL:
        ipc_ppcall(pd);
        break;
    default:
        arch_context_set(context, IPC_REG_ERROR, simple_call(pd, number));
        break;
    }
    return sched_leave();
}

struct arch_context *kernel_irq(struct arch_context *context)
{
    (void)enter(context);
    irq_take();
    return sched_leave();
}

struct arch_context *kernel_fault(
    struct arch_context *context, const struct fault *fault)
{
    ipc_fault(enter(context), fault);
    return sched_leave();
}

struct arch_context *kernel_fpu_trap(
    struct arch_context *context, const struct fault *fault)
{
    struct pd *pd = (struct pd *)context;
    struct pd *owner = kernel.fpu;

    if ((pd->flags & ABI_PD_FPU) == 0) {
        return kernel_fault(context, fault);
    }
    (void)enter(context);
    arch_fpu_enable(true);
    if (owner != NULL) {
        arch_fpu_save(&owner->fpu);
        owner->special &= (uint8_t)~PD_SPECIAL_FPU;
    }
    arch_fpu_restore(&pd->fpu);
    kernel.fpu = pd;
    pd->special |= PD_SPECIAL_FPU;
    kernel.mode |= PD_SPECIAL_FPU;
    return sched_leave();
}
