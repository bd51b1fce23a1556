/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Moves the floating-point and vector registers.  The kernel never computes
 * with them.  Both functions open the FPU and leave it open; the core calls
 * arch_fpu_enable() afterwards in any case.
 */
#include "kernel/arch/aarch64/asm_offsets.h"
#include "kernel/arch/aarch64/sysreg.h"

    .arch_extension fp
    .arch_extension simd

    .macro fpu_open
    ldr     x1, =CPTR_EL2_FPU_ON
    msr     cptr_el2, x1
    isb
    .endm

    .text
/* void arch_fpu_save(struct arch_fpu *fpu) */
    .globl arch_fpu_save
arch_fpu_save:
    fpu_open
    add     x2, x0, #FPU_Q
    stp     q0, q1, [x2, #32 * 0]
    stp     q2, q3, [x2, #32 * 1]
    stp     q4, q5, [x2, #32 * 2]
    stp     q6, q7, [x2, #32 * 3]
    stp     q8, q9, [x2, #32 * 4]
    stp     q10, q11, [x2, #32 * 5]
    stp     q12, q13, [x2, #32 * 6]
    stp     q14, q15, [x2, #32 * 7]
    stp     q16, q17, [x2, #32 * 8]
    stp     q18, q19, [x2, #32 * 9]
    stp     q20, q21, [x2, #32 * 10]
    stp     q22, q23, [x2, #32 * 11]
    stp     q24, q25, [x2, #32 * 12]
    stp     q26, q27, [x2, #32 * 13]
    stp     q28, q29, [x2, #32 * 14]
    stp     q30, q31, [x2, #32 * 15]
    mrs     x1, fpcr
    mrs     x2, fpsr
    add     x0, x0, #FPU_FPCR
    stp     x1, x2, [x0]
    ret

/* void arch_fpu_restore(const struct arch_fpu *fpu) */
    .globl arch_fpu_restore
arch_fpu_restore:
    fpu_open
    add     x2, x0, #FPU_Q
    ldp     q0, q1, [x2, #32 * 0]
    ldp     q2, q3, [x2, #32 * 1]
    ldp     q4, q5, [x2, #32 * 2]
    ldp     q6, q7, [x2, #32 * 3]
    ldp     q8, q9, [x2, #32 * 4]
    ldp     q10, q11, [x2, #32 * 5]
    ldp     q12, q13, [x2, #32 * 6]
    ldp     q14, q15, [x2, #32 * 7]
    ldp     q16, q17, [x2, #32 * 8]
    ldp     q18, q19, [x2, #32 * 9]
    ldp     q20, q21, [x2, #32 * 10]
    ldp     q22, q23, [x2, #32 * 11]
    ldp     q24, q25, [x2, #32 * 12]
    ldp     q26, q27, [x2, #32 * 13]
    ldp     q28, q29, [x2, #32 * 14]
    ldp     q30, q31, [x2, #32 * 15]
    add     x0, x0, #FPU_FPCR
    ldp     x1, x2, [x0]
    msr     fpcr, x1
    msr     fpsr, x2
    ret
