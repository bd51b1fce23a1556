/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * void coroutine_switch(uint64_t **from, uint64_t *to): saves the registers that
 * a function must preserve on the present stack, and its address in *from; goes
 * on where `to` was saved.  Procedure Call Standard for the Arm 64-bit
 * Architecture, 6.1.
 *
 * The section's name and flags are those that coroutine libraries in C give
 * machine code which they keep in a constant array: not ".text", and not
 * executable.
 */
    .section ".text#", "a", %progbits
    .global coroutine_switch
    .type coroutine_switch, %function
    .balign 4
coroutine_switch:
    sub sp, sp, #96
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    add sp, sp, #96
    ret
    .size coroutine_switch, . - coroutine_switch
