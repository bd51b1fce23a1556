/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch_types.h - what a PD's registers look like on AArch64.
 *
 * Shape     struct arch_context is what the entry code fills, in its order of
 *           stores; asm_offsets.c turns the offsets into assembly constants.
 *           A system call fills only what it preserves (abi/syscall.h) and its
 *           arguments; the rest is older, but the PD's own.
 * Owner     the core embeds both in struct pd; the running PD's context is
 *           where SP_EL2 points while user code runs.
 * Trust     all of it is user data except spsr, whose privileged bits the
 *           kernel alone decides.
 * Source    Arm ARM (DDI 0487), D1.6 and C5.2; libsel4's seL4_UserContext.
 */
#pragma once

#include <assert.h>
#include <stdint.h>

#include "abi/table.h"

/* What the system table must have been made for. */
#define ARCH_NUMBER          ABI_ARCH_AARCH64
#define ARCH_EXCEPTION_LEVEL 2
#define ARCH_PD_FLAGS        (ABI_PD_FPU | ABI_PD_SMC | ABI_PD_USER_TIMER)

struct arch_context {
    uint64_t x[31];
    uint64_t sp; /* SP_EL0 */
    uint64_t pc; /* ELR_EL2 */
    uint64_t tpidr;
    uint64_t spsr;    /* SPSR_EL2: N, Z, C, V; everything else is zero */
    uint64_t tpidrro; /* exported; the register itself is always zero */
};

struct arch_fpu {
    uint64_t q[64]; /* q0..q31, low half first */
    uint64_t fpcr;
    uint64_t fpsr;
};

/* Words of seL4_UserContext: pc sp spsr, x0..x30, tpidr_el0 tpidrro_el0. */
#define ARCH_CONTEXT_WORDS 36

static_assert(sizeof(struct arch_context) == 8 * ARCH_CONTEXT_WORDS,
    "context holds exactly the words that are exported");
static_assert(sizeof(struct arch_fpu) == 528, "fpu layout");
