/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * budget.h - how much processor time a PD may use: pure arithmetic.
 *
 * A budget equal to its period is a time slice: it is never exhausted, its end
 * only sends the PD to the back of its priority's queue.  A smaller budget is a
 * sporadic server (Sprunt 1990, with the corrections of Stanovich 2010): time
 * used at t comes back at t + period.  What is to come back is kept in a ring
 * of at most BUDGET_REFILLS pieces; when it is full, pieces are joined at the
 * later of their times, so a PD never gets more than its budget.  Time used
 * beyond a piece (the kernel looked late) delays its return in proportion, so
 * that the share holds in the long run too.
 *
 * Shape     refill[head] is the present piece; the rest follow, sorted by time.
 * Units     ticks.  The sum of all amounts equals `capacity`, always.
 * Owner     the PD's core.
 * Trust     configuration comes from the checked table.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BUDGET_REFILLS 8u

struct budget_refill {
    uint64_t time;   /* usable from then on */
    uint64_t amount; /* ticks */
};

struct pd;

struct budget {
    uint64_t capacity;
    uint64_t period;
    uint64_t ratio;   /* period / capacity, rounded up */
    struct pd *user;  /* the PD that runs on this budget now, or NULL */
    uint64_t release; /* heap key while throttled */
    uint8_t head;
    uint8_t count;
    bool limited;   /* capacity < period */
    bool throttled; /* waits in the release heap */
    struct budget_refill refill[BUDGET_REFILLS];
};

enum budget_result {
    BUDGET_LEFT,       /* go on */
    BUDGET_SLICE_OVER, /* let others of the same priority run */
    BUDGET_EMPTY,      /* nothing usable before refill[head].time */
};

/** Sets up a full budget, usable from `now`. */
void budget_init(
    struct budget *b, uint64_t capacity, uint64_t period, uint64_t now);
/** Takes `used` ticks, which ended at `now`, off the budget. */
enum budget_result budget_charge(struct budget *b, uint64_t used, uint64_t now);
/** Someone wants to run on it at `now`: joins what is usable.  Returns false
 *  when nothing is usable yet. */
bool budget_wake(struct budget *b, uint64_t now);
/** Ticks that may be used before the next budget_charge(). */
uint64_t budget_left(const struct budget *b);
