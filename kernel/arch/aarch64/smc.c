/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smc.c - secure monitor calls for PDs that may make them.
 * SMC Calling Convention (DEN 0028): x0..x7 in and out, x8..x17 may change.  x9..x13
 * are not the compiler's to lose here: the build reserves them.
 */
#include "kernel/core/arch.h"

void arch_smc(uint64_t word[8])
{
    register uint64_t x0 __asm__("x0") = word[0];
    register uint64_t x1 __asm__("x1") = word[1];
    register uint64_t x2 __asm__("x2") = word[2];
    register uint64_t x3 __asm__("x3") = word[3];
    register uint64_t x4 __asm__("x4") = word[4];
    register uint64_t x5 __asm__("x5") = word[5];
    register uint64_t x6 __asm__("x6") = word[6];
    register uint64_t x7 __asm__("x7") = word[7];

    __asm__ volatile("smc #0"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4),
                     "+r"(x5), "+r"(x6), "+r"(x7)
                     :
                     : "x8", "x14", "x15", "x16", "x17", "memory", "cc");
    word[0] = x0;
    word[1] = x1;
    word[2] = x2;
    word[3] = x3;
    word[4] = x4;
    word[5] = x5;
    word[6] = x6;
    word[7] = x7;
}
