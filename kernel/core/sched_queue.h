/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_queue.h - the ready PDs besides the running one, by priority.
 *
 * Shape     k->next, and one circular list per priority with a bit per list
 *           that is not empty.  k->next, if set, comes before all lists.
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Source    docs/design/kernel.md, "Who runs".
 */
#pragma once

#include <stddef.h>

#include "kernel/core/kernel.h"

/** Puts a ready PD behind all others of its priority. */
void sched_queue_insert(struct kernel *k, struct pd *pd);
/** Puts the running PD in front of all others of its priority: a PD of higher
 *  priority interrupts it, but its time slice is not over. */
void sched_queue_put_back(struct kernel *k, struct pd *pd);
/** Puts the running PD into the list of its priority, as the last. */
void sched_queue_append(struct kernel *k, struct pd *pd);
/** Moves a PD that is in a list to the front, or to the end, of its list. */
void sched_queue_move_first(struct kernel *k, struct pd *pd);
void sched_queue_move_last(struct kernel *k, struct pd *pd);
/** Takes a PD out.  No effect on one that is not in. */
void sched_queue_remove(struct kernel *k, struct pd *pd);

/** The ready PD of the highest priority besides the running one, or NULL. */
static inline struct pd *sched_queue_next(const struct kernel *k)
{
    if (k->next != NULL) {
        return k->next;
    }
    return k->highest_queued < 0 ? NULL : k->queue[k->highest_queued];
}

/** Whether another ready PD has the priority of `pd`, which is not in. */
static inline bool sched_queue_shares_priority(
    const struct kernel *k, const struct pd *pd)
{
    return k->queue[pd->priority] != NULL ||
           (k->next != NULL && k->next->priority == pd->priority);
}

/** Whether `pd`, which sched_queue_next() returned, is alone with its priority
 *  among the ready PDs besides the running one. */
static inline bool sched_queue_is_alone(
    const struct kernel *k, const struct pd *pd)
{
    return pd->place == PD_QUEUED ? pd->next == pd
                                  : k->highest_queued != pd->priority;
}
