/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_idle.c - nobody can run; see sched_idle.h.
 */
#include "kernel/core/sched_idle.h"

#include "kernel/core/irq.h"
#include "kernel/core/sched.h"
#include "kernel/core/sched_clock.h"
#include "kernel/core/sched_fast.h"
#include "kernel/core/sched_queue.h"

static void sleep(struct kernel *k)
{
    arch_idle();
    irq_take(k);
    k->since = arch_time_stamp();
}

/* Whether the only ready PD is k->next and can run without a clock: the usual
 * end of idle time. */
static inline bool ends_plainly(const struct kernel *k)
{
    return k->next != NULL && k->highest_queued < 0 && sched_clock_is_off(k) &&
           k->release_count == 0 && !k->next->budget_owner->budget.limited;
}

/* Runs k->next, the only ready PD. */
static inline struct arch_context *end_plainly(struct kernel *k)
{
    struct pd *next = k->next;

    k->next = NULL;
    k->next_priority = -1;
    next->place = PD_NOWHERE;
    k->budget_owner = next->budget_owner;
    sched_receive(next);
    k->current = next;
    return sched_run(k, next);
}

/* An interrupt was taken, but the usual end does not apply: sleeps on until
 * somebody can run. */
COLD static struct arch_context *sleep_on(struct kernel *k)
{
    struct pd *next;

    for (;;) {
        if (k->release_count > 0 || !sched_clock_is_off(k)) {
            sched_clock_release(k, k->since);
            sched_clock_arm(k, NULL, k->since);
        }
        next = sched_queue_next(k);
        if (next != NULL) {
            break;
        }
        sleep(k);
    }

    bool plain = sched_needs_no_clock(k, next);
    sched_queue_remove(k, next);
    if (!plain) {
        sched_clock_arm(k, next, k->since);
    }
    return sched_begin(k, next);
}

struct arch_context *sched_idle_wait(struct kernel *k)
{
    k->current = NULL;
    k->budget_owner = NULL;
    sleep(k);
    return ends_plainly(k) ? end_plainly(k) : sleep_on(k);
}

struct arch_context *sched_idle_fast(struct kernel *k)
{
    uint64_t now = arch_time_stamp();

    k->budget_owner->ticks_used += now - k->since;
    return sched_idle_wait(k);
}
