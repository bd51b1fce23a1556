/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first instruction of a PD, at boot and at each restart.  The stack
 * pointer is set here too, although the kernel sets it: a parent may restart a
 * PD by writing nothing but its program counter, and the PD may be one that
 * overflowed its stack.
 */
#include <pride/layout.h>

    .section ".text..start", "ax" /* first: microkit.ld */
    .global _start
    .type _start, %function
_start:
    ldr x9, =PRIDE_STACK_TOP
    mov sp, x9
    mov x29, xzr
    mov x30, xzr
    bl start_main
    brk #1
    .size _start, . - _start
