/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * context.c - a PD's registers as the core and its parent see them.
 */
#include <stddef.h>

#include "kernel/arch/aarch64/sysreg.h"
#include "kernel/core/arch.h"

/* Word n of seL4_UserContext (pc, sp, spsr, x0..x8, x16..x18, x29, x30, x9..x15,
 * x19..x28, tpidr_el0, tpidrro_el0) is word context_order[n] of ours. */
static const uint8_t context_order[ARCH_CONTEXT_WORDS] = { 32, 31, 34, 0, 1, 2,
    3, 4, 5, 6, 7, 8, 16, 17, 18, 29, 30, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 33, 35 };

static_assert(offsetof(struct arch_context, sp) == 8 * 31, "word 31");
static_assert(offsetof(struct arch_context, pc) == 8 * 32, "word 32");
static_assert(offsetof(struct arch_context, tpidr) == 8 * 33, "word 33");
static_assert(offsetof(struct arch_context, spsr) == 8 * 34, "word 34");
static_assert(offsetof(struct arch_context, tpidrro) == 8 * 35, "word 35");

void arch_context_init(
    struct arch_context *context, uint64_t entry, uint64_t stack)
{
    *context = (struct arch_context){ .pc = entry, .sp = stack };
}

/* Registers 2 to 6 of abi/syscall.h are X9 to X13: the core leaves them alone. */
static uint32_t context_number(uint32_t n)
{
    return n < 2 ? n : n + 7;
}

uint64_t arch_context_get(const struct arch_context *context, uint32_t n)
{
    return context->x[context_number(n)];
}

void arch_context_set(struct arch_context *context, uint32_t n, uint64_t v)
{
    context->x[context_number(n)] = v;
}

void arch_context_copy_message(
    struct arch_context *to, const struct arch_context *from)
{
    /* loads first: then both compile to pairs */
    uint64_t info = from->x[9];
    uint64_t word0 = from->x[10];
    uint64_t word1 = from->x[11];
    uint64_t word2 = from->x[12];
    uint64_t word3 = from->x[13];

    to->x[9] = info;
    to->x[10] = word0;
    to->x[11] = word1;
    to->x[12] = word2;
    to->x[13] = word3;
}

void arch_context_rewind(struct arch_context *context)
{
    context->pc -= 4;
}

void arch_context_export(const struct arch_context *context, uint64_t *words)
{
    const uint64_t *from = (const uint64_t *)(const void *)context;

    for (uint32_t n = 0; n < ARCH_CONTEXT_WORDS; n++) {
        words[n] = from[context_order[n]];
    }
}

void arch_context_import(
    struct arch_context *context, const uint64_t *words, uint32_t count)
{
    uint64_t *to = (uint64_t *)(void *)context;

    for (uint32_t n = 0; n < count && n < ARCH_CONTEXT_WORDS; n++) {
        to[context_order[n]] = words[n];
    }
    context->spsr &= SPSR_USER_MASK;
    context->tpidrro = 0;
}
