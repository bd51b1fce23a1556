/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_arch.h - what measured programs take from AArch64: the counter, marks
 * and an instruction that uses the FPU.  Each architecture has a file of this
 * name; the build chooses the directory.
 *
 * Shape     marks are moves of a register onto itself, which compilers do not
 *           emit; the plugins know them (kinds.c) and open and close a window.
 * Units     ticks of the virtual counter: one guest instruction each under
 *           `-icount shift=0` with cntfrq=1000000000.
 * Trust     a guest that marks nonsense gets nonsense figures.
 * Source    Arm ARM (DDI 0487), C6.2: MOV (register), ORR Xd, XZR, Xm; C7.2:
 *           FADD (scalar); D11.2: CNTVCT_EL0.
 */
#pragma once

#include <stdint.h>

/** A window begins. */
static inline void mark_begin(void)
{
    __asm__ volatile(".inst 0xaa1403f4" ::: "memory"); /* mov x20, x20 */
}

/** The window ends. */
static inline void mark_end(void)
{
    __asm__ volatile(".inst 0xaa1503f5" ::: "memory"); /* mov x21, x21 */
}

/** Instructions so far. */
static inline uint64_t bench_now(void)
{
    uint64_t now;

    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(now)::"memory");
    return now;
}

/** Uses a floating-point register; the PD has fpu="true". */
static inline void fpu_use(void)
{
    __asm__ volatile("fadd d0, d0, d0" ::: "v0");
}
