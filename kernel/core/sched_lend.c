/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_lend.c - budgets lent to passive servers; see sched_lend.h.
 */
#include "kernel/core/sched_lend.h"

#include "kernel/core/sched.h"
#include "kernel/core/sched_queue.h"

void sched_lend_use_own(struct pd *pd)
{
    struct pd *user = pd->budget.user;

    pd_check(user == NULL || user == pd, "budget used twice", pd);
    pd->budget_owner = pd;
    pd->budget.user = pd;
}

void sched_lend_take_back(struct kernel *k, struct pd *pd, struct pd *server)
{
    if (!sched_lend_is_lent(pd, server)) {
        return;
    }

    struct pd *owner = pd->budget_owner;
    struct pd *holder = owner->budget.user;
    owner->budget.user = pd;
    /* The servers between `pd` and the holder lent the budget on, and do not
     * get it back.  The loop ends because each has a higher priority than the
     * one before it. */
    for (struct pd *p = server; p != holder; p = pd_callee(p->call)) {
        sched_lend_use_own(p);
    }
    sched_queue_remove(k, holder);
    sched_lend_use_own(holder);
    sched_ready(k, holder);
}

void sched_lend_give_up(struct pd *pd)
{
    if (pd->budget_owner == pd) {
        pd->budget_owner = NULL;
        pd->budget.user = NULL;
    }
}
