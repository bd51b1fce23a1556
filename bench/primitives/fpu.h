/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fpu.h - one floating-point instruction, so that the FPU is in use.
 *
 * Owner     the calling PD; it has fpu="true".
 * Source    Arm ARM (DDI 0487), C7.2: FADD (scalar).
 */
#pragma once

/** Uses a floating-point register. */
static inline void fpu_use(void)
{
    __asm__ volatile("fadd d0, d0, d0" ::: "v0");
}
