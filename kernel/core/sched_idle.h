/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_idle.h - nobody can run: the processor sleeps until an interrupt makes
 * a PD ready.
 *
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Source    docs/design/kernel.md, "Who runs".
 */
#pragma once

#include "kernel/core/kernel.h"

/** Sleeps until somebody can run and returns its context.  The comparator is
 *  armed for whatever budget is released first. */
struct arch_context *sched_idle_wait(struct kernel *k);
/** The running PD cannot go on and nobody else can: as sched_leave(), when the
 *  clock plays no part and no budget waits for its release. */
NOINLINE struct arch_context *sched_idle_fast(struct kernel *k);
