/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_clock.h - time slices, limited budgets and the comparator.
 *
 * The comparator is off unless the running PD's budget is limited, another ready
 * PD has its priority, or an exhausted budget waits for its release.
 *
 * Units     ticks.
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Source    docs/design/kernel.md, "Budgets".
 */
#pragma once

#include "kernel/core/kernel.h"

#define SCHED_NEVER UINT64_MAX

/** The comparator fired. */
void sched_clock_fired(struct kernel *k);
/** The budget of `owner` is exhausted: its user cannot run before the release. */
void sched_clock_throttle(struct kernel *k, struct pd *owner);
/** Makes PDs ready whose budgets are usable again at `now`. */
void sched_clock_release(struct kernel *k, uint64_t now);
/** Arms the comparator for `next`, which is to run from `now`, or for nobody. */
void sched_clock_arm(struct kernel *k, const struct pd *next, uint64_t now);
/** The slow path out of the kernel: charges the budget in use, releases others,
 *  chooses who runs, arms the comparator. */
struct arch_context *sched_clock_leave(struct kernel *k);

/** True if neither time slices nor budgets play a part at this exit. */
static inline bool sched_clock_is_off(const struct kernel *k)
{
    return (k->mode & KERNEL_CLOCK) == 0;
}
