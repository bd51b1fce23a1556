/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - who runs; see sched.h.
 *
 * There are three ways out of the kernel.  Nothing changed for the running PD:
 * it goes on.  Another PD has a higher priority, and neither time slices nor
 * budgets play a part: a plain switch.  Otherwise sched_clock_leave().
 */
#include "kernel/core/sched.h"

#include <stddef.h>

#include "kernel/core/sched_clock.h"
#include "kernel/core/sched_fast.h"
#include "kernel/core/sched_lend.h"
#include "kernel/core/sched_queue.h"

void sched_ready(struct kernel *k, struct pd *pd)
{
    if (pd->wait_state != PD_READY || pd->stopped || pd->place != PD_NOWHERE) {
        return;
    }
    if (pd->budget_owner == NULL) {
        /* a passive PD with something to do that nobody lent it a budget for */
        sched_lend_use_own(pd);
    }

    struct pd *owner = pd->budget_owner;
    struct budget *b = &owner->budget;
    /* Not for the budget in use: budget_wake() would move the time from which
     * it counts. */
    if (b->limited && !b->throttled && owner != k->budget_owner &&
        !budget_wake(b, arch_time_now())) {
        sched_clock_throttle(k, owner);
    }
    if (pd == k->current) {
        k->mode |= KERNEL_CLOCK_LOOK;
    } else if (!b->throttled) {
        sched_queue_insert(k, pd);
    }
}

void sched_go_on(struct kernel *k, struct pd *pd)
{
    const struct budget *b = &pd->budget;

    sched_ready(k, pd);
    if (pd->place != PD_QUEUED || pd->budget_owner != pd || b->limited ||
        budget_left(b) == b->capacity) {
        return;
    }
    sched_queue_move_first(k, pd);
}

struct arch_context *sched_change_mode(struct pd *next, struct kernel *k)
{
    uint32_t change = (k->mode & ~KERNEL_CLOCK) ^ next->special;

    k->mode ^= change;
    if ((change & PD_SPECIAL_FPU) != 0) {
        arch_fpu_enable((next->special & PD_SPECIAL_FPU) != 0);
    }
    if ((change & PD_SPECIAL_TIMER) != 0) {
        arch_user_timer_allow((next->special & PD_SPECIAL_TIMER) != 0);
    }
    return &next->context;
}

struct arch_context *sched_begin(struct kernel *k, struct pd *next)
{
    k->mode &= ~KERNEL_CLOCK_LOOK;
    k->budget_owner = next->budget_owner;
    sched_receive(next);
    if (next != k->current) {
        k->current = next;
        (void)sched_run(k, next);
    }
    return &next->context;
}

struct arch_context *sched_leave(struct kernel *k)
{
    struct pd *pd = k->current;
    bool ready = pd->wait_state == PD_READY;

    if (ready && k->next_priority <= pd->priority &&
        (k->mode & KERNEL_CLOCK_LOOK) == 0) {
        return &pd->context;
    }

    struct pd *next = sched_queue_next(k);
    if (!sched_clock_is_off(k) || next == NULL ||
        !sched_needs_no_clock(k, next)) {
        return sched_clock_leave(k);
    }
    sched_queue_remove(k, next);
    if (ready) {
        sched_queue_put_back(k, pd);
    }
    sched_receive(next);
    return sched_switch(k, next);
}
