/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - who runs: fixed priorities, round robin, budgets.
 *
 * The running PD is in no queue.  The ready PD of the next priority is k->next,
 * if that is set, else the head of the highest queue.  So waking a PD of higher
 * priority, running it and coming back to the one it interrupted touches no
 * queue.  The functions here only note who could run; the running PD changes in
 * sched_leave(), at the end of each kernel entry, and on the fast paths.
 *
 *   sched_queue.h   ready queues: who is next
 *   sched_clock.h   time slices, exhausted budgets, the comparator
 *   sched_lend.h    budgets lent to passive servers
 *   sched_idle.h    nobody can run
 *   sched_fast.h    the plain switch, for the fast paths
 *
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Errors    broken invariants stop the machine.
 * Source    docs/design/kernel.md, "Who runs" and "Budgets".
 */
#pragma once

#include "kernel/core/kernel.h"

/** A PD became PD_READY: it will run when it is its turn, if it is not stopped
 *  and its budget allows; otherwise when that changes. */
void sched_ready(struct kernel *k, struct pd *pd);
/** As sched_ready(), for a PD that was in a call: it comes before others of its
 *  priority if it has begun its time slice and not used it up. */
void sched_go_on(struct kernel *k, struct pd *pd);
/** Chooses who runs, switches what a switch changes, waits for interrupts when
 *  nobody can run.  Returns the context to resume. */
struct arch_context *sched_leave(struct kernel *k);
/** Runs `next`, which has been taken out of the queues. */
struct arch_context *sched_begin(struct kernel *k, struct pd *next);
/** Lets user level use what PD_SPECIAL_* of `next` say; returns its context. */
COLD struct arch_context *sched_change_mode(struct pd *next, struct kernel *k);
