/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * types.h - libsel4 structures of AArch64: a PD's registers, an SMC's words.
 *
 * Shape     plain structures of 64-bit words.
 * Owner     the caller.
 * Trust     what is read from a child is whatever the child had there.
 * Source    libsel4's public interface (AArch64); the order is also that of
 *           ABI_PD_READ_REGS.
 */
#pragma once

#include <sel4/simple_types.h>

/* Registers in the order in which the kernel exports them. */
typedef struct seL4_UserContext_ {
    seL4_Word pc, sp, spsr;
    seL4_Word x0, x1, x2, x3, x4, x5, x6, x7, x8;
    seL4_Word x16, x17, x18, x29, x30;
    seL4_Word x9, x10, x11, x12, x13, x14, x15;
    seL4_Word x19, x20, x21, x22, x23, x24, x25, x26, x27, x28;
    seL4_Word tpidr_el0, tpidrro_el0;
} seL4_UserContext;

/* Words in a seL4_UserContext. */
#define SEL4_USER_CONTEXT_SIZE 36

/* Arguments and results of a secure monitor call. */
typedef struct seL4_ARM_SMCContext_ {
    seL4_Word x0, x1, x2, x3, x4, x5, x6, x7;
} seL4_ARM_SMCContext;
