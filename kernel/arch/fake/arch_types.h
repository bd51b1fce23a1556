/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch_types.h - registers of the fake processor.
 *
 * Shape     the registers of the call convention, a program counter and a
 *           stack pointer; one word stands for the whole FPU.
 * Owner     as on real hardware: the core embeds both in struct pd.
 * Trust     tests put anything into them.
 */
#pragma once

#include <stdint.h>

#define ARCH_NUMBER          ABI_ARCH_FAKE
#define ARCH_EXCEPTION_LEVEL 0
#define ARCH_PD_FLAGS        (ABI_PD_FPU | ABI_PD_SMC | ABI_PD_USER_TIMER)

struct arch_context {
    uint64_t reg[7];
    uint64_t pc; /* a system call advances it by 4 */
    uint64_t sp;
};

struct arch_fpu {
    uint64_t word;
};

#define ARCH_CONTEXT_WORDS 9
