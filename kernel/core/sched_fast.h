/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_fast.h - the plain switch and what the fast paths build from it.
 *
 * A switch is plain when neither time slices nor budgets play a part.  Inline,
 * because the fast paths of ipc_fast.c consist of these few instructions.
 *
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Source    docs/design/kernel.md, "Fast paths".
 */
#pragma once

#include "kernel/core/sched.h"
#include "kernel/core/sched_clock.h"
#include "kernel/core/sched_idle.h"
#include "kernel/core/sched_lend.h"
#include "kernel/core/sched_queue.h"

/* --- the plain switch ------------------------------------------------------ */

/** From now on time is charged to the owner of the budget that `next` uses. */
ALWAYS_INLINE void sched_set_budget_owner(
    struct kernel *k, const struct pd *next)
{
    struct pd *owner = next->budget_owner;

    if (owner != k->budget_owner) {
        uint64_t now = arch_time_stamp();
        k->budget_owner->ticks_used += now - k->since;
        k->since = now;
        k->budget_owner = owner;
    }
}

/** The processor becomes `next`'s, which may use what the running PD may use.
 *  Does not charge time: a call to a passive server goes on with the same
 *  budget. */
ALWAYS_INLINE struct arch_context *sched_run_same_mode(struct pd *next)
{
    next->switches++;
    arch_vspace_switch(next->vspace);
    return &next->context;
}

/** The processor becomes `next`'s, whatever that may use. */
ALWAYS_INLINE struct arch_context *sched_run(struct kernel *k, struct pd *next)
{
    (void)sched_run_same_mode(next);
    if (k->mode != next->special) {
        return sched_change_mode(next, k);
    }
    return &next->context;
}

/** The plain switch, from the running PD, which needs no clock, to one that
 *  needs none either and is not woken by a notification. */
ALWAYS_INLINE struct arch_context *sched_switch(
    struct kernel *k, struct pd *next)
{
    sched_set_budget_owner(k, next);
    return sched_run(k, next);
}

/** Whether `next`, which sched_queue_next() returned, can run until it stops by
 *  itself: nobody shares its priority and its budget is not limited. */
static inline bool sched_needs_no_clock(
    const struct kernel *k, const struct pd *next)
{
    return sched_queue_is_alone(k, next) && !next->budget_owner->budget.limited;
}

/* --- waking ---------------------------------------------------------------- */

/** Gives a PD that was woken by notifications, and runs now, all that have come
 *  until now. */
static inline void sched_receive(struct pd *pd)
{
    if (pd->woken) {
        pd->woken = false;
        arch_context_set(&pd->context, 0, ABI_EVENT_NOTIFICATION);
        arch_context_set(&pd->context, 1, pd->pending);
        pd->pending = 0;
    }
}

/** Wakes `pd`, which waits and has a notification, if it has an unlimited budget
 *  of its own and a higher priority than all others that are ready; otherwise
 *  returns false and has changed nothing. */
static inline bool sched_wake_fast(struct kernel *k, struct pd *pd)
{
    if (pd->wait_state != PD_WAITS_OWN || k->next != NULL ||
        k->highest_queued >= (int32_t)pd->priority ||
        (k->current != NULL && k->current->priority == pd->priority)) {
        return false;
    }
    pd->woken = true;
    pd->wait_state = PD_READY;
    pd->place = PD_NEXT;
    k->next = pd;
    k->next_priority = pd->priority;
    return true;
}

/** Wakes `pd`, which waits and has a notification. */
static inline void sched_wake(struct kernel *k, struct pd *pd)
{
    if (!sched_wake_fast(k, pd)) {
        pd->woken = true;
        pd->wait_state = PD_READY;
        sched_ready(k, pd);
    }
}

/* --- the running PD waits, or is interrupted ------------------------------- */

/** The running PD cannot go on: switches to k->next, which is the PD that it
 *  interrupted or the one that was woken last; otherwise as sched_leave(). */
ALWAYS_INLINE struct arch_context *sched_block(struct kernel *k)
{
    struct pd *next = k->next;

    if (!sched_clock_is_off(k)) {
        return sched_leave(k);
    }
    if (next == NULL) {
        bool nobody = k->highest_queued < 0 && k->release_count == 0 &&
                      k->deadline == SCHED_NEVER;
        return nobody ? sched_idle_fast(k) : sched_leave(k);
    }
    if (k->highest_queued == next->priority ||
        next->budget_owner->budget.limited) {
        return sched_leave(k);
    }
    k->next = NULL;
    k->next_priority = k->highest_queued;
    next->place = PD_NOWHERE;
    sched_receive(next);
    return sched_switch(k, next);
}

/** True if `pd`, which waits, may run in the place of the running PD `now` as
 *  soon as it has something to receive: by its budget and the queues. */
static inline bool sched_can_preempt(
    const struct kernel *k, const struct pd *now, const struct pd *pd)
{
    return pd->wait_state == PD_WAITS_OWN && sched_clock_is_off(k) &&
           k->next == NULL && pd->priority > now->priority &&
           k->highest_queued < (int32_t)now->priority;
}

/** `pd` runs at once; `now` will be next. */
static inline struct arch_context *sched_preempt(
    struct kernel *k, struct pd *now, struct pd *pd)
{
    k->next = now;
    k->next_priority = now->priority;
    now->place = PD_NEXT;
    return sched_switch(k, pd);
}
