/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.h - what entry.S calls when an exception is not an interrupt.
 *
 * Shape     the saved registers and this core's kernel in, the context to resume
 *           out.
 * Owner     entry.S calls; SP is the empty kernel stack.
 * Trust     syndrome registers are the processor's, so they are true; all saved
 *           registers are the PD's.
 * Errors    whatever user code does becomes a fault of that PD.
 * Source    Arm ARM (DDI 0487) D1.10, D13.2.37; libsel4's fault messages.
 */
#pragma once

#include <stdint.h>

#include "base/attr.h"
#include "kernel/arch/aarch64/arch_types.h"

struct kernel;

/** A system call, an abort, or anything else user code can cause. */
struct arch_context *trap_sync(struct arch_context *context, struct kernel *k);
/** A system error while user code ran.  It is imprecise: it may be the late
 *  result of an earlier access, by this PD or, rarely, by the one before. */
struct arch_context *trap_serror(
    struct arch_context *context, struct kernel *k);
/** The kernel itself took exception `vector`: prints its registers, stops. */
NORETURN void trap_panic(const struct arch_context *frame, uint64_t vector);
