/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_lend.h - whose budget a PD runs on.
 *
 * Shape     pd->budget_owner is the PD whose budget it runs on; that budget's
 *           `user` is the PD that runs on it now.  A caller keeps its
 *           budget_owner while a passive server runs on that budget: whether
 *           it has lent the budget follows from the two.
 * Owner     the core.
 * Trust     not called with anything a PD supplied.
 * Errors    two users of one budget are a broken invariant.
 * Source    docs/design/kernel.md, "Budgets".
 */
#pragma once

#include "kernel/core/kernel.h"

/** Ends the loan of `pd`'s accepted call to `server`, whoever runs on the budget
 *  now; that PD, and those it came through, go on with their own.  No effect if
 *  nothing is lent. */
void sched_lend_take_back(struct kernel *k, struct pd *pd, struct pd *server);
/** Lets a PD that runs on no budget run on its own. */
void sched_lend_use_own(struct pd *pd);
/** A passive PD in wait gives up the budget it runs on, if it is its own. */
void sched_lend_give_up(struct pd *pd);

/** Whether the call that `server` accepted from `pd` lends it a budget: `pd`'s
 *  own, or one that was lent to `pd`. */
static inline bool sched_lend_is_lent(
    const struct pd *pd, const struct pd *server)
{
    return server->budget_owner == pd->budget_owner;
}

/** Lends the budget that `from` runs on to `to`, a passive PD that waited and so
 *  has none, until the reply or sched_lend_take_back(). */
static inline void sched_lend_to(const struct pd *from, struct pd *to)
{
    struct pd *owner = from->budget_owner;

    to->budget_owner = owner;
    owner->budget.user = to;
}

/** The reply: `from` gives back what `to` lent it. */
static inline void sched_lend_give_back(struct pd *from, struct pd *to)
{
    from->budget_owner->budget.user = to;
    from->budget_owner = NULL;
}
