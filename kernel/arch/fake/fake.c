/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake.c - the fake machine; see fake.h.  One tick is one microsecond.
 */
#include "kernel/arch/fake/fake.h"

#include <stdlib.h>
#include <string.h>

#define IDLE_LONG 5000u

const uint32_t arch_irqchip_kind = ABI_IRQCHIP_NONE;
const uint32_t arch_console_kind = ABI_CONSOLE_NONE;

struct fake fake;
struct kernel kernel;

void fake_reset(void)
{
    memset(&fake, 0, sizeof(fake));
    fake.deadline = UINT64_MAX;
    fake.idle_step = 1;
}

const struct kernel *arch_kernel(void)
{
    return &kernel;
}

void arch_init(const struct abi_table *table)
{
    (void)table;
}

void arch_console_init(const struct abi_table *table)
{
    (void)table;
}

uint64_t arch_time_now(void)
{
    return fake.now;
}

uint64_t arch_time_stamp(void)
{
    return fake.now;
}

uint64_t arch_time_from_us(uint32_t us)
{
    return us;
}

void arch_timer_set(uint64_t deadline)
{
    fake.deadline = deadline;
    fake.timer_sets++;
}

void arch_timer_off(void)
{
    fake.deadline = UINT64_MAX;
}

uint32_t arch_irq_take(void)
{
    if (fake.deadline <= fake.now) {
        return ARCH_IRQ_TIMER;
    }

    uint64_t ready = fake.pending & fake.enabled & ~fake.active;
    if (ready == 0) {
        return ARCH_IRQ_NONE;
    }
    uint32_t number = (uint32_t)__builtin_ctzll(ready);
    fake.pending &= ~(1ull << number);
    fake.active |= 1ull << number;
    return number;
}

void arch_irq_complete(uint32_t number)
{
    fake.active &= ~(1ull << number);
}

void arch_irq_enable(uint32_t number, bool edge)
{
    (void)edge;
    fake.enabled |= 1ull << number;
}

void arch_idle(void)
{
    fake.now += fake.idle_step;
    fake.idles++;
    if (fake.idles % IDLE_LONG == 0) {
        fake.pending |= fake.idle_wake;
        fake.active &= ~fake.idle_wake;
    }
    if (fake.idles > 1000000) {
        kernel_panic("fake: idle for ever", fake.now, 0);
    }
}

void arch_context_init(
    struct arch_context *context, uint64_t entry, uint64_t stack)
{
    memset(context, 0, sizeof(*context));
    context->pc = entry;
    context->sp = stack;
}

uint64_t arch_context_get(const struct arch_context *context, uint32_t n)
{
    return context->reg[n];
}

void arch_context_set(struct arch_context *context, uint32_t n, uint64_t v)
{
    context->reg[n] = v;
}

void arch_context_copy_message(
    struct arch_context *to, const struct arch_context *from)
{
    memcpy(&to->reg[2], &from->reg[2], 5 * sizeof(uint64_t));
}

void arch_context_rewind(struct arch_context *context)
{
    context->pc -= 4;
}

void arch_context_export(const struct arch_context *context, uint64_t *words)
{
    memcpy(words, context, sizeof(*context));
}

void arch_context_import(
    struct arch_context *context, const uint64_t *words, uint32_t count)
{
    memcpy(context, words, count * sizeof(uint64_t));
}

struct arch_context *arch_ppcall_slow(
    struct arch_context *context, struct kernel *k)
{
    fake.slow_path = true;
    return kernel_syscall(context, k, ABI_SYS_PPCALL);
}

struct arch_context *arch_reply_wait_slow(
    struct arch_context *context, struct kernel *k)
{
    fake.slow_path = true;
    return kernel_syscall(context, k, ABI_SYS_REPLY_WAIT);
}

/* As an architecture's entry code: the message stays in the processor. */
struct arch_context *fake_syscall(struct arch_context *context, uint32_t number)
{
    uint64_t length = context->reg[2] & ABI_INFO_LENGTH_MASK;
    struct arch_context *next;

    fake.slow_path = false;
    switch (number) {
    case ABI_SYS_WAIT:
        return kernel_wait_fast(context, &kernel);
    case ABI_SYS_NOTIFY:
        return kernel_notify_fast(context, context->reg[1], &kernel);
    case ABI_SYS_PPCALL:
        next = kernel_ppcall_fast(context, context->reg[1], length, &kernel);
        break;
    case ABI_SYS_REPLY_WAIT:
        next = kernel_reply_wait_fast(context, length, &kernel);
        break;
    default:
        return kernel_syscall(context, &kernel, number);
    }
    if (!fake.slow_path) {
        arch_context_copy_message(next, context);
        next->reg[0] = number == ABI_SYS_PPCALL ? ABI_EVENT_CALL : 0;
    }
    return next;
}

void arch_vspace_switch(uint64_t vspace)
{
    fake.vspace = vspace;
}

void arch_console_putc(char c)
{
    if (fake.console_len + 1 < sizeof(fake.console)) {
        fake.console[fake.console_len++] = c;
        fake.console[fake.console_len] = '\0';
    }
}

NORETURN void arch_halt(void)
{
    if (fake.catch_halt) {
        longjmp(fake.halted, 1);
    }
    abort();
}
