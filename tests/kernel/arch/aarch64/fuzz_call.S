/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See fuzz_call.h.  x30 carries the address of the stub, and the way back.
 */
    .text
    .globl fuzz_call
fuzz_call:
    stp     x29, x30, [sp, #-112]!
    stp     x19, x20, [sp, #16]
    stp     x21, x22, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x25, x26, [sp, #64]
    stp     x27, x28, [sp, #80]
    str     x1, [sp, #96]
    adr     x30, stubs
    add     x30, x30, x0, lsl #3
    mov     x29, x1
    .irp n, 0,2,4,6,8,10,12,14,16,18,20,22,24,26
    ldr     x\n, [x29, #8 * \n]
    .endr
    .irp n, 1,3,5,7,9,11,13,15,17,19,21,23,25,27,28
    ldr     x\n, [x29, #8 * \n]
    .endr
    ldr     x29, [x29, #8 * 29]
    blr     x30
    ldr     x30, [sp, #96]
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    str     x\n, [x30, #8 * \n]
    .endr
    .irp n, 25,26,27,28,29
    str     x\n, [x30, #8 * \n]
    .endr
    ldp     x19, x20, [sp, #16]
    ldp     x21, x22, [sp, #32]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #64]
    ldp     x27, x28, [sp, #80]
    ldp     x29, x30, [sp], #112
    ret

/* One per index: eight bytes each. */
stubs:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,255,0x8000,0xffff
    svc     #\n
    ret
    .endr
