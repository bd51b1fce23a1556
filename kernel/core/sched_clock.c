/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_clock.c - time slices and limited budgets; see sched_clock.h.
 */
#include "kernel/core/sched_clock.h"

#include "kernel/core/sched.h"
#include "kernel/core/sched_idle.h"
#include "kernel/core/sched_queue.h"
#include "kernel/core/sched_release.h"

/* Budgets that one kernel exit may release, so that its time is bounded; the
 * comparator fires again at once when more are due. */
#define RELEASES_PER_EXIT 4u

/* --- exhausted budgets --------------------------------------------------- */

void sched_clock_throttle(struct kernel *k, struct pd *owner)
{
    struct budget *b = &owner->budget;

    b->throttled = true;
    b->release = b->refill[b->head].time;
    sched_release_insert(k, owner);
    k->mode |= KERNEL_CLOCK_LOOK;
    if (b->user != NULL) {
        sched_queue_remove(k, b->user);
    }
}

void sched_clock_release(struct kernel *k, uint64_t now)
{
    for (uint32_t i = 0; i < RELEASES_PER_EXIT; i++) {
        if (k->release_count == 0 || sched_release_first(k) > now) {
            return;
        }
        struct pd *owner = sched_release_pop(k);
        owner->budget.throttled = false;
        if (owner->budget.user != NULL) {
            sched_ready(k, owner->budget.user);
        }
    }
}

/* --- the comparator ------------------------------------------------------ */

void sched_clock_arm(struct kernel *k, const struct pd *next, uint64_t now)
{
    uint64_t deadline = SCHED_NEVER;

    k->mode &= ~KERNEL_CLOCK_METERED;
    if (next != NULL && (next->budget_owner->budget.limited ||
                            sched_queue_shares_priority(k, next))) {
        k->mode |= KERNEL_CLOCK_METERED;
        deadline = now + budget_left(&next->budget_owner->budget);
    }
    if (k->release_count > 0 && sched_release_first(k) < deadline) {
        deadline = sched_release_first(k);
    }
    if (deadline == k->deadline) {
        return;
    }
    k->deadline = deadline;
    if (deadline == SCHED_NEVER) {
        arch_timer_off();
    } else {
        arch_timer_set(deadline);
    }
}

void sched_clock_fired(struct kernel *k)
{
    k->deadline = SCHED_NEVER;
    k->mode |= KERNEL_CLOCK_LOOK;
    arch_timer_off();
}

/* --- the exit ------------------------------------------------------------ */

/* Takes the time since the last look off the budget in use.  True if the
 * running PD's slice is over. */
static bool charge(struct kernel *k, uint64_t used, uint64_t now)
{
    struct pd *owner = k->budget_owner;

    if (owner == NULL || owner->budget.throttled) {
        return false;
    }

    struct pd *user = owner->budget.user;
    switch (budget_charge(&owner->budget, used, now)) {
    case BUDGET_LEFT:
        return false;
    case BUDGET_SLICE_OVER:
        if (user != NULL && user->place == PD_QUEUED) {
            sched_queue_move_last(k, user);
        }
        return user == k->current;
    case BUDGET_EMPTY:
        sched_clock_throttle(k, owner);
        return false;
    }
    return false;
}

static bool can_run(const struct pd *pd)
{
    return pd != NULL && pd->wait_state == PD_READY &&
           pd->budget_owner != NULL && !pd->budget_owner->budget.throttled;
}

/* Takes out of the queues whoever is to run, after the budgets have been
 * charged; NULL if nobody can. */
static struct pd *choose(struct kernel *k, bool slice_over)
{
    struct pd *pd = k->current;

    if (can_run(pd)) {
        if (k->next_priority < pd->priority ||
            (k->next_priority == pd->priority && !slice_over)) {
            return pd;
        }
        if (slice_over && k->next_priority == pd->priority) {
            sched_queue_append(k, pd);
        } else {
            sched_queue_put_back(k, pd);
        }
    }

    struct pd *next = sched_queue_next(k);
    if (next != NULL) {
        sched_queue_remove(k, next);
    }
    return next;
}

struct arch_context *sched_clock_leave(struct kernel *k)
{
    uint64_t now = arch_time_now();
    uint64_t used = now - k->since;
    bool slice_over = false;

    k->since = now;
    if (k->budget_owner != NULL) {
        k->budget_owner->ticks_used += used;
    }
    if ((k->mode & KERNEL_CLOCK_METERED) != 0) {
        slice_over = charge(k, used, now);
    }
    sched_clock_release(k, now);

    struct pd *next = choose(k, slice_over);
    sched_clock_arm(k, next, now);
    return next == NULL ? sched_idle_wait(k) : sched_begin(k, next);
}
