/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leak_call.h - one kernel entry with a known value in every register.
 *
 * Shape     struct leak_registers, in and out.  From x0..x30 and TPIDR_EL0,
 *           LEAK_KEY is subtracted on their way in, and added on their way out,
 *           each in the register that it belongs to.
 * Owner     the calling PD; not to be used twice at a time.
 * Errors    a PD that is given a wrong stack pointer or address may fault.
 *
 * Why there is a key: C code compares and copies the values, and may be interrupted
 * while a register holds a peer's value.  The kernel then saves that value as this
 * PD's own, and a later system call may return it, which looks like a leak and is
 * none.  With the key, C code handles values in another form than the kernel sees,
 * so the form that the kernel sees is only ever in the register that it was
 * received in.  (An XOR would not do, because it is its own inverse: after an
 * interrupt between it and the store, the next call would turn one form into the
 * other.)
 */
#pragma once

#define LEAK_KEY_TOP   0x1ec1
#define LEAK_KEY_SHIFT 48

/* What enters the kernel.  Up to 5 these are the numbers of system calls. */
#define LEAK_NO_CALL 6 /* a number that is no call */
#define LEAK_FAULT   7 /* an instruction that faults, at leak_fault_at */
#define LEAK_SPIN    8 /* an interrupt, sooner or later; counts w0 down to 0 */
#define LEAK_VECTORS 9 /* exchanges x0..x29 with d0..d29; destroys x30 */

/* Byte offsets in struct leak_registers */
#define LEAK_SP    248
#define LEAK_TPIDR 256
#define LEAK_FLAGS 264

#ifndef __ASSEMBLER__
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define LEAK_KEY ((uint64_t)LEAK_KEY_TOP << LEAK_KEY_SHIFT)

struct leak_registers {
    uint64_t x[31];
    uint64_t sp; /* 16 bytes below it are used */
    uint64_t tpidr;
    uint64_t flags; /* NZCV */
};

static_assert(offsetof(struct leak_registers, sp) == LEAK_SP, "sp");
static_assert(offsetof(struct leak_registers, tpidr) == LEAK_TPIDR, "tpidr");
static_assert(offsetof(struct leak_registers, flags) == LEAK_FLAGS, "flags");

/** Enters the kernel by way of LEAK_* with all of `in`; `out` is what came
 *  back. */
void leak_call(uint64_t entry, const struct leak_registers *in,
    struct leak_registers *out);

/* Where LEAK_FAULT faults; the next instruction goes on. */
extern const char leak_fault_at[];

/** Where a PD may be restarted: stores all registers, as they are, in
 *  leak_first_registers and calls leak_restarted(). */
void leak_restart(void);

extern struct leak_registers leak_first_registers;
_Noreturn void leak_restarted(void);
#endif
