/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - who runs: fixed priorities, round robin, budgets.
 *
 * The running PD stays in the ready queue, at the head of its priority.  Every
 * function here only changes queues; the one place that changes the running PD
 * is sched_leave(), at the end of each kernel entry.
 *
 * Shape     one circular list per priority, a bit per non-empty list, a heap of
 *           exhausted budgets by release time (at most one entry per PD).
 * Units     ticks.
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Errors    none; broken invariants stop the machine.
 * Source    docs/design/kernel.md, "Time".
 */
#pragma once

#include "kernel/core/pd.h"

#define SCHED_NEVER UINT64_MAX

/** Puts a PD that became PD_READY into its queue, if it is not stopped and its
 *  budget allows; otherwise it will be queued when that changes. */
void sched_ready(struct pd *pd);
/** Takes a PD out of its queue, if it is in. */
void sched_remove(struct pd *pd);
/** Lends the budget that `from` runs on to `to`, until sched_take_back(). */
void sched_lend(struct pd *from, struct pd *to);
/** Gives `pd` the budget back that it lent with its call, whoever runs on it
 *  now; that PD goes on with its own.  No effect if nothing was lent. */
void sched_take_back(struct pd *pd);
/** A passive PD in wait gives up its own budget. */
void sched_give_up(struct pd *pd);
/** The comparator fired. */
void sched_timer(void);
/** Chooses who runs, switches what a switch changes, waits for interrupts when
 *  nobody can run.  Returns the context to resume. */
struct arch_context *sched_leave(void);
