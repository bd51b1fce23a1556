/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * context.c - a PD's registers as the core and its parent see them.
 */
#include "kernel/arch/aarch64/sysreg.h"
#include "kernel/core/arch.h"

#include "base/attr.h"

/* seL4_UserContext: pc, sp, spsr, then these, then tpidr_el0, tpidrro_el0. */
#define USER_CONTEXT_X 3

static const uint8_t user_context_order[31] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 16,
    17, 18, 29, 30, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21, 22, 23, 24, 25, 26,
    27, 28 };

void arch_context_init(
    struct arch_context *context, uint64_t entry, uint64_t stack)
{
    *context = (struct arch_context){ .pc = entry, .sp = stack };
}

uint64_t arch_context_get(const struct arch_context *context, uint32_t n)
{
    return context->x[n];
}

void arch_context_set(struct arch_context *context, uint32_t n, uint64_t v)
{
    context->x[n] = v;
}

void arch_context_copy_message(
    struct arch_context *to, const struct arch_context *from)
{
    for (uint32_t n = 2; n <= 6; n++) {
        to->x[n] = from->x[n];
    }
}

void arch_context_rewind(struct arch_context *context)
{
    context->pc -= 4;
}

/* Where word `n` of seL4_UserContext is kept. */
static uint64_t *context_word(struct arch_context *context, uint32_t n)
{
    switch (n) {
    case 0:
        return &context->pc;
    case 1:
        return &context->sp;
    case 2:
        return &context->spsr;
    case USER_CONTEXT_X + ARRAY_LEN(user_context_order):
        return &context->tpidr;
    case USER_CONTEXT_X + ARRAY_LEN(user_context_order) + 1:
        return &context->tpidrro;
    default:
        return &context->x[user_context_order[n - USER_CONTEXT_X]];
    }
}

void arch_context_export(const struct arch_context *context, uint64_t *words)
{
    struct arch_context copy = *context;

    for (uint32_t n = 0; n < ARCH_CONTEXT_WORDS; n++) {
        words[n] = *context_word(&copy, n);
    }
}

void arch_context_import(
    struct arch_context *context, const uint64_t *words, uint32_t count)
{
    for (uint32_t n = 0; n < count && n < ARCH_CONTEXT_WORDS; n++) {
        *context_word(context, n) = words[n];
    }
    context->spsr &= SPSR_USER_MASK;
}
