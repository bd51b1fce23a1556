/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel.c - boot and the entry points that an architecture calls; see arch.h.
 *
 * Every entry does one thing for the running PD or for an interrupt, and leaves
 * through sched_leave().  Nothing here blocks, loops over PDs (except at boot)
 * or can fail halfway.
 */
#include "kernel/core/kernel.h"

#include <stddef.h>

#include "kernel/core/debug.h"
#include "kernel/core/ipc.h"
#include "kernel/core/ipc_ppcall.h"
#include "kernel/core/irq.h"
#include "kernel/core/pd_control.h"
#include "kernel/core/sched.h"
#include "kernel/core/sched_clock.h"
#include "kernel/core/table.h"

/* --- kernel panic message ------------------------------------------------- */

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
    const struct pd *current = arch_kernel()->current;

    print("\nKERNEL|STOPPED: ");
    print(what);
    print(" ");
    print_hex(a);
    print(" ");
    print_hex(b);
    if (current != NULL) {
        print(" while running ");
        print(current->entry->name);
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

static void prepare_pd(struct kernel *k, uint32_t index)
{
    struct pd *pd = kernel_pd(k, index);
    const struct abi_pd *entry = &k->entries[index];

    pd->entry = entry;
    pd->index = (uint16_t)index;
    pd->wait_state = PD_READY;
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
        arch_time_from_us(entry->period_us), k->since);
    sched_ready(k, pd);
}

struct arch_context *kernel_boot(
    const struct abi_table *table, struct kernel *k)
{
    const uint8_t *bytes = (const uint8_t *)table;
    const struct table_machine machine = {
        .arch = ARCH_NUMBER,
        .exception_level = ARCH_EXCEPTION_LEVEL,
        .irqchip_kind = arch_irqchip_kind,
        .console_kind = arch_console_kind,
        .optional_flags = ARCH_PD_FLAGS,
    };

    arch_console_init(table);
    const char *why = table_check(table, &machine);
    if (why != NULL) {
        kernel_panic(why, table->magic, table->version);
    }
    arch_init(table);
    k->table = table;
    k->entries = (const void *)(bytes + table->pd_offset);
    k->pd_states = table->state;
    k->irqs = (const void *)(bytes + table->irq_offset);
    k->irq_lines = (const void *)(bytes + table->irq_line_offset);
    k->deadline = SCHED_NEVER;
    k->highest_queued = -1;
    k->next_priority = -1;
    k->since = arch_time_now();

    for (uint32_t i = 0; i < table->pd_count; i++) {
        prepare_pd(k, i);
    }
    /* the state that channels without a right lead to: it must never wait */
    kernel_pd(k, table->pd_count)->wait_state = PD_FAULTED;
    irq_init(k);
    return sched_clock_leave(k);
}

/* --- system calls -------------------------------------------------------- */

static enum err smc(const struct pd *pd)
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

/* System calls whose only result, or first, is an error. */
static enum err simple_syscall(struct kernel *k, struct pd *pd, uint32_t number)
{
    uint64_t argument = arch_context_get(&pd->context, 0);
    uint64_t channel = arch_context_get(&pd->context, IPC_REG_CHANNEL);

    switch (number) {
    case ABI_SYS_NOTIFY:
        return ipc_notify(k, pd, channel);
    case ABI_SYS_IRQ_ACK:
        return irq_ack(k, pd, channel);
    case ABI_SYS_PD_CONTROL:
        return pd_control(k, pd);
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

/* Returns the PD that ran.  Its lazy notifications are delivered before anything
 * else happens. */
static struct pd *enter(struct kernel *k, struct arch_context *context)
{
    struct pd *pd = (struct pd *)context; /* its first member */

    k->current = pd;
    ipc_deliver_lazy(k, pd);
    return pd;
}

struct arch_context *kernel_syscall(
    struct arch_context *context, struct kernel *k, uint32_t number)
{
    struct pd *pd = enter(k, context);

    switch (number) {
    case ABI_SYS_WAIT:
        ipc_wait(k, pd);
        break;
    case ABI_SYS_REPLY_WAIT:
        ipc_reply_wait(k, pd);
        break;
    case ABI_SYS_PPCALL:
        ipc_ppcall(k, pd);
        break;
    default:
        arch_context_set(context, IPC_REG_ERROR, simple_syscall(k, pd, number));
        break;
    }
    return sched_leave(k);
}

struct arch_context *kernel_irq(struct arch_context *context, struct kernel *k)
{
    (void)enter(k, context);
    irq_take(k);
    return sched_leave(k);
}

struct arch_context *kernel_fault(
    struct arch_context *context, const struct fault *fault, struct kernel *k)
{
    ipc_fault(k, enter(k, context), fault);
    return sched_leave(k);
}

struct arch_context *kernel_fpu_trap(
    struct arch_context *context, const struct fault *fault, struct kernel *k)
{
    struct pd *pd = (struct pd *)context; /* its first member */
    struct pd *last = k->fpu;

    if ((pd->flags & ABI_PD_FPU) == 0) {
        return kernel_fault(context, fault, k);
    }
    (void)enter(k, context);
    arch_fpu_enable(true);
    if (last != NULL) {
        arch_fpu_save(&last->fpu);
        last->special &= (uint8_t)~PD_SPECIAL_FPU;
    }
    arch_fpu_restore(&pd->fpu);
    k->fpu = pd;
    pd->special |= PD_SPECIAL_FPU;
    k->mode |= PD_SPECIAL_FPU;
    return sched_leave(k);
}
