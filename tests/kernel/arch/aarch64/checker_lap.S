/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See checker_lap.h.  Register xN holds seed + N, vector register vN twice
 * seed - N.  x0 counts down, x1 holds the seed.
 */
    .arch_extension fp
    .arch_extension simd

    .macro fill_all
    .irp n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25
    add     x\n, x1, #\n
    .endr
    .irp n, 26,27,28,29,30
    add     x\n, x1, #\n
    .endr
    .endm

    .text
/* v0..v31 from x1; changes x2 */
fill_vectors:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    sub     x2, x1, #\n
    dup     v\n\().2d, x2
    .endr
    .irp n, 25,26,27,28,29,30,31
    sub     x2, x1, #\n
    dup     v\n\().2d, x2
    .endr
    ret

    .globl checker_lap
checker_lap:
    stp     x29, x30, [sp, #-112]!
    stp     x19, x20, [sp, #16]
    stp     x21, x22, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x25, x26, [sp, #64]
    stp     x27, x28, [sp, #80]
    stp     d8, d9, [sp, #96]
    sub     sp, sp, #48
    stp     d10, d11, [sp]
    stp     d12, d13, [sp, #16]
    stp     d14, d15, [sp, #32]
    /* x0 = seed, x1 = spins: the loop wants them the other way round */
    mov     x2, x0
    mov     x0, x1
    mov     x1, x2
    msr     tpidr_el0, x1
    and     x2, x1, #0x1f
    msr     fpsr, x2
    bl      fill_vectors
    fill_all
    cmp     x1, x1 /* Z and C; sub does not change them */
1:  sub     x0, x0, #1
    cbnz    x0, 1b
    /* x0 is zero again: the count of changes.  cset would need a register
     * that is under test, so the flags are looked at by two branches. */
    b.ne    2f
    b.cs    3f
2:  add     x0, x0, #1
3:
    .irp n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25
    sub     x\n, x\n, x1
    sub     x\n, x\n, #\n
    .endr
    .irp n, 26,27,28,29,30
    sub     x\n, x\n, x1
    sub     x\n, x\n, #\n
    .endr
    /* all of them must be zero now */
    .irp n, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25
    cmp     x\n, #0
    cinc    x0, x0, ne
    .endr
    .irp n, 26,27,28,29,30
    cmp     x\n, #0
    cinc    x0, x0, ne
    .endr
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    sub     x2, x1, #\n
    umov    x3, v\n\().d[0]
    umov    x4, v\n\().d[1]
    cmp     x2, x3
    ccmp    x2, x4, #0, eq
    cinc    x0, x0, ne
    .endr
    .irp n, 25,26,27,28,29,30,31
    sub     x2, x1, #\n
    umov    x3, v\n\().d[0]
    umov    x4, v\n\().d[1]
    cmp     x2, x3
    ccmp    x2, x4, #0, eq
    cinc    x0, x0, ne
    .endr
    mrs     x2, tpidr_el0
    cmp     x2, x1
    cinc    x0, x0, ne
    mrs     x2, fpsr
    and     x3, x1, #0x1f
    cmp     x2, x3
    cinc    x0, x0, ne

    ldp     d10, d11, [sp]
    ldp     d12, d13, [sp, #16]
    ldp     d14, d15, [sp, #32]
    add     sp, sp, #48
    ldp     x19, x20, [sp, #16]
    ldp     x21, x22, [sp, #32]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #64]
    ldp     x27, x28, [sp, #80]
    ldp     d8, d9, [sp, #96]
    ldp     x29, x30, [sp], #112
    ret

    .globl checker_noise
checker_noise:
    mov     x1, #-1
1:  add     x1, x1, #77
    bl      fill_vectors
    fill_all
    msr     tpidr_el0, x1
    msr     fpsr, xzr
    cmn     x1, #1
    b       1b
