/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See leak_call.h.  Between the load and the store of the registers there is
 * nothing but the entry itself and the key, which x30 holds while it is not needed.
 */
#include "abi/syscall.h"
#include "tests/kernel/leak_call.h"

    .arch_extension fp
    .arch_extension simd


    /* `change` (add or sub) the key to x0..x29; x30 = the key */
    .macro change_all change
    movz    x30, #LEAK_KEY_TOP, lsl #LEAK_KEY_SHIFT
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    \change x\n, x\n, x30
    .endr
    .irp n, 25,26,27,28,29
    \change x\n, x\n, x30
    .endr
    .endm

    /* x0..x29 to where x30 points */
    .macro store_all
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    str     x\n, [x30, #8 * \n]
    .endr
    .irp n, 25,26,27,28,29
    str     x\n, [x30, #8 * \n]
    .endr
    .endm

    .macro load_all
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    ldr     x\n, [x30, #8 * \n]
    .endr
    .irp n, 25,26,27,28,29
    ldr     x\n, [x30, #8 * \n]
    .endr
    change_all sub
    adrp    x30, own_x30
    ldr     x30, [x30, #:lo12:own_x30]
    .endm

    .text
    .globl leak_call
leak_call:
    stp     x29, x30, [sp, #-96]!
    stp     x19, x20, [sp, #16]
    stp     x21, x22, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x25, x26, [sp, #64]
    stp     x27, x28, [sp, #80]
    adrp    x9, own_sp
    add     x9, x9, #:lo12:own_sp
    mov     x10, sp
    stp     x10, x2, [x9] /* own_sp, out */
    movz    x10, #LEAK_KEY_TOP, lsl #LEAK_KEY_SHIFT
    ldr     x30, [x1, #8 * 30]
    sub     x30, x30, x10
    str     x30, [x9, #16] /* own_x30 */
    ldr     x11, [x1, #LEAK_TPIDR]
    sub     x11, x11, x10
    msr     tpidr_el0, x11
    ldr     x11, [x1, #LEAK_SP]
    mov     sp, x11
    ldr     x11, [x1, #LEAK_FLAGS]
    msr     nzcv, x11
    adr     x11, entries
    add     x11, x11, x0, lsl #9
    mov     x30, x1
    br      x11

    .balign 512
entries:
    .irp n, 0,1,2,3,4,5,9
    .balign 512
    load_all
    svc     #\n
    b       leave
    .endr

    .balign 512
    load_all
    .globl leak_fault_at
leak_fault_at:
    brk     #1
    b       leave

    .balign 512
    load_all
1:  sub     x0, x0, #1
    cbnz    w0, 1b
    b       leave

    .balign 512
    load_all
    fmov    d31, x0 /* the one that traps, if any, before x30 changes */
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    fmov    x30, d\n
    fmov    d\n, x\n
    mov     x\n, x30
    .endr
    .irp n, 25,26,27,28,29
    fmov    x30, d\n
    fmov    d\n, x\n
    mov     x\n, x30
    .endr

leave:
    str     x30, [sp, #-16]
    change_all add
    adrp    x30, own_out
    ldr     x30, [x30, #:lo12:own_out]
    store_all
    mrs     x0, nzcv
    str     x0, [x30, #LEAK_FLAGS]
    mov     x0, sp
    str     x0, [x30, #LEAK_SP]
    movz    x1, #LEAK_KEY_TOP, lsl #LEAK_KEY_SHIFT
    ldr     x0, [sp, #-16]
    add     x0, x0, x1
    str     x0, [x30, #8 * 30]
    mrs     x0, tpidr_el0
    add     x0, x0, x1
    str     x0, [x30, #LEAK_TPIDR]
    adrp    x0, own_sp
    ldr     x0, [x0, #:lo12:own_sp]
    mov     sp, x0
    ldp     x19, x20, [sp, #16]
    ldp     x21, x22, [sp, #32]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #64]
    ldp     x27, x28, [sp, #80]
    ldp     x29, x30, [sp], #96
    ret

    .globl leak_restart
leak_restart:
    str     x30, [sp, #-16]
    adrp    x30, leak_first_registers
    add     x30, x30, #:lo12:leak_first_registers
    store_all
    mrs     x0, nzcv
    str     x0, [x30, #LEAK_FLAGS]
    mov     x0, sp
    str     x0, [x30, #LEAK_SP]
    ldr     x0, [sp, #-16]
    str     x0, [x30, #8 * 30]
    mrs     x0, tpidr_el0
    str     x0, [x30, #LEAK_TPIDR]
    mov     x29, xzr
    bl      leak_restarted

    .bss
    .balign 16
own_sp:
    .skip   8
own_out:
    .skip   8
own_x30:
    .skip   8
    .balign 16
    .globl leak_first_registers
leak_first_registers:
    .skip   272
