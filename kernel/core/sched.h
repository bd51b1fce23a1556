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
/** Gives `pd` the budget back that it lent with its call, whoever runs on it
 *  now; that PD, and those it came through, go on with their own.  No effect if
 *  nothing was lent. */
void sched_take_back(struct pd *pd);
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

/** True if neither time slices nor budgets are in play at this exit. */
static inline bool sched_is_plain(void)
{
    return kernel.clock == 0;
}

/** Lends the budget that `from` runs on to `to`, a passive PD that waited and so
 *  has none, until sched_take_back(). */
static inline void sched_lend(struct pd *from, struct pd *to)
{
    struct pd *owner = from->sc;

    from->lent = owner;
    from->sc = NULL;
    to->sc = owner;
    owner->budget.user = to;
}

/** The plain switch, from the running PD, which needs no clock, to one that
 *  needs none either and is not woken by a notification.  Time is charged to
 *  the owner of the budget, so a call to a passive server needs no look at it. */
static inline struct arch_context *sched_switch(struct pd *next)
{
    struct pd *payer = next->sc;

    if (payer != kernel.charged) {
        uint64_t now = arch_time_stamp();
        kernel.charged->ticks_used += now - kernel.since;
        kernel.since = now;
        kernel.charged = payer;
    }
    next->switches++;
    kernel.current = next;
    arch_vspace_switch(next->vspace);
    if (kernel.special != next->special) {
        return sched_change_special(next);
    }
    return &next->context;
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
static inline bool sched_wake_simply(struct pd *pd)
{
    if (kernel.next != NULL || pd->sc != pd || pd->budget.limited ||
        kernel.top >= (int32_t)pd->priority ||
        (kernel.current != NULL && kernel.current->priority == pd->priority)) {
        return false;
    }
    pd->woken = true;
    pd->state = PD_READY;
    pd->place = PD_NEXT;
    kernel.next = pd;
    kernel.urgency = pd->priority;
    return true;
}

/** The same, whatever way it takes. */
static inline void sched_wake(struct pd *pd)
{
    if (!sched_wake_simply(pd)) {
        pd->woken = true;
        pd->state = PD_READY;
        sched_ready(pd);
    }
}

/** The running PD cannot go on.  The short way is to whoever it interrupted,
 *  or was woken last. */
static inline struct arch_context *sched_block(void)
{
    struct pd *next = kernel.next;

    if (kernel.clock != 0 || next == NULL || kernel.top == next->priority ||
        next->sc->budget.limited) {
        return sched_leave();
    }
    kernel.next = NULL;
    kernel.urgency = kernel.top;
    next->place = PD_NOWHERE;
    sched_receive(next);
    return sched_switch(next);
}

/** `pd`, which waited for a notification and has just received it, is more
 *  urgent than the running PD `now`.  The short way if its budget and the
 *  queues are of the simple kind. */
static inline bool sched_can_preempt(const struct pd *now, const struct pd *pd)
{
    return kernel.clock == 0 && kernel.next == NULL && pd->sc != NULL &&
           !pd->budget.limited && pd->priority > now->priority &&
           kernel.top < (int32_t)now->priority;
}

/** `pd` runs at once; `now` will be next. */
static inline struct arch_context *sched_preempt(struct pd *now, struct pd *pd)
{
    kernel.next = now;
    kernel.urgency = now->priority;
    now->place = PD_NEXT;
    return sched_switch(pd);
}
