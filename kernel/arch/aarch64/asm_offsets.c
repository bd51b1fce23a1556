/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets of struct arch_context for assembly.  This file is compiled to
 * assembly text, never linked; the Makefile ("offsets") turns each line it prints
 * into a #define of asm_offsets.h.
 */
#include <stddef.h>

#include "kernel/arch/aarch64/arch_types.h"

static void emit(void) __attribute__((used));

/* Prints a constant of C into the assembly text. */
#define OFFSET(name, value)                                                    \
    __asm__ volatile("\n.ascii \"->" #name " %c0\"" : : "i"(value))

static void emit(void)
{
    OFFSET(CONTEXT_X, offsetof(struct arch_context, x));
    OFFSET(CONTEXT_SP, offsetof(struct arch_context, sp));
    OFFSET(CONTEXT_PC, offsetof(struct arch_context, pc));
    OFFSET(CONTEXT_SPSR, offsetof(struct arch_context, spsr));
    OFFSET(CONTEXT_TPIDR, offsetof(struct arch_context, tpidr));
    OFFSET(FPU_Q, offsetof(struct arch_fpu, q));
    OFFSET(FPU_FPCR, offsetof(struct arch_fpu, fpcr));
}

/* What entry.S and fpu.S take for granted when they move pairs. */
static_assert(offsetof(struct arch_context, x) == 0, "x0 at SP_EL2");
static_assert(
    offsetof(struct arch_context, sp) == 8 * 31, "x30 and sp are one pair");
static_assert(offsetof(struct arch_context, tpidr) ==
                  offsetof(struct arch_context, pc) + 8,
    "pc and tpidr are one pair");
static_assert(
    offsetof(struct arch_fpu, fpsr) == offsetof(struct arch_fpu, fpcr) + 8,
    "fpcr and fpsr are one pair");
static_assert(sizeof(struct arch_context) <= 504, "reach of one stp");
