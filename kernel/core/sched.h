/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - who runs: fixed priorities, round robin, budgets.
 *
 * The running PD is in no queue.  The most urgent of the others is kernel.next
 * if that is set, else at the head of the highest queue; so waking a PD and
 * going to it, or coming back to the one it interrupted, touches no queue.
 * Everything here only notes who could run; the one place that changes the
 * running PD is sched_leave(), at the end of each kernel entry.
 *
 * Shape     one circular list per priority, a bit per non-empty list, a heap of
 *           exhausted budgets by release time (at most one entry per PD).
 * Units     ticks.
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Errors    none; broken invariants stop the machine.
 * Source    docs/design/kernel.md, "Who runs" and "Budgets".
 */
#pragma once

#include "kernel/core/pd.h"

#define SCHED_NEVER UINT64_MAX

/** A PD became PD_READY: it will run when it is its turn, if it is not stopped
 *  and its budget allows; otherwise when that changes. */
void sched_ready(struct pd *pd);
/** As sched_ready(), for a PD that was in a call: before others of its priority
 *  if its slice is not over, which is when it is whole again. */
void sched_go_on(struct pd *pd);
/** A PD cannot run any more.  The running PD need not be removed. */
void sched_remove(struct pd *pd);
/** Ends the loan of `pd`'s accepted call to `server`, whoever runs on the budget
 *  now; that PD, and those it came through, go on with their own.  No effect if
 *  nothing is lent. */
void sched_take_back(struct pd *pd, struct pd *server);
/** A passive PD in wait gives up the budget it runs on, if it is its own. */
void sched_give_up(struct pd *pd);
/** The comparator fired. */
void sched_timer(void);
/** Sets the processor as the PD_SPECIAL_* of `next` say; returns its context. */
COLD struct arch_context *sched_change_special(struct pd *next);
/** Chooses the first PD to run, at boot. */
struct arch_context *sched_start(void);
/** Chooses who runs, switches what a switch changes, waits for interrupts when
 *  nobody can run.  Returns the context to resume. */
struct arch_context *sched_leave(void);
/** The same when nobody can run, no time plays a part and no budget is waited
 *  for. */
NOINLINE struct arch_context *sched_idle(void);

/** True if neither time slices nor budgets are in play at this exit. */
static inline bool sched_is_plain(void)
{
    return (kernel.mode & KERNEL_CLOCK) == 0;
}

/** Whether the call that `server` accepted from `pd` lends it a budget: `pd`'s
 *  own, or one that was lent to `pd`. */
static inline bool sched_is_lent(const struct pd *pd, const struct pd *server)
{
    return server->budget_owner == pd->budget_owner;
}

/** Lends the budget that `from` runs on to `to`, a passive PD that waited and so
 *  has none, until the reply or sched_take_back(). */
static inline void sched_lend(const struct pd *from, struct pd *to)
{
    struct pd *owner = from->budget_owner;

    to->budget_owner = owner;
    owner->budget.user = to;
}

/** The reply: `from` gives back what `to` lent it. */
static inline void sched_give_back(struct pd *from, struct pd *to)
{
    from->budget_owner->budget.user = to;
    from->budget_owner = NULL;
}

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
 *  Time is somebody else's business: a call to a passive server goes on with the
 *  same budget. */
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
        return sched_change_special(next);
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

/** What a PD woken by notifications receives, now that it runs. */
static inline void sched_receive(struct pd *pd)
{
    if (pd->woken) {
        pd->woken = false;
        arch_context_set(&pd->context, 0, ABI_EVENT_NOTIFICATION);
        arch_context_set(&pd->context, 1, pd->pending);
        pd->pending = 0;
    }
}

/** `pd`, which waits, has a notification.  The short way is for a PD that has
 *  its own, unlimited budget and is more urgent than all others that are ready;
 *  otherwise false, and nothing is changed. */
static inline bool sched_wake_fast(struct kernel *k, struct pd *pd)
{
    if (pd->state != PD_WAITS_OWN || k->next != NULL ||
        k->highest_queued >= (int32_t)pd->priority ||
        (k->current != NULL && k->current->priority == pd->priority)) {
        return false;
    }
    pd->woken = true;
    pd->state = PD_READY;
    pd->place = PD_NEXT;
    k->next = pd;
    k->next_priority = pd->priority;
    return true;
}

/** The same, whatever way it takes. */
static inline void sched_wake(struct pd *pd)
{
    if (!sched_wake_fast(&kernel, pd)) {
        pd->woken = true;
        pd->state = PD_READY;
        sched_ready(pd);
    }
}

/** The running PD cannot go on.  The short way is to whoever it interrupted,
 *  or was woken last. */
ALWAYS_INLINE struct arch_context *sched_block(struct kernel *k)
{
    struct pd *next = k->next;

    if ((k->mode & KERNEL_CLOCK) != 0) {
        return sched_leave();
    }
    if (next == NULL) {
        bool nobody = k->highest_queued < 0 && k->release_count == 0 &&
                      k->deadline == SCHED_NEVER;
        return nobody ? sched_idle() : sched_leave();
    }
    if (k->highest_queued == next->priority ||
        next->budget_owner->budget.limited) {
        return sched_leave();
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
    return pd->state == PD_WAITS_OWN && (k->mode & KERNEL_CLOCK) == 0 &&
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
