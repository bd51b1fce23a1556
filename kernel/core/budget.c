/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * budget.c - slices and sporadic servers; see budget.h.
 *
 * No clock, no PD, no queue: the scheduler asks, this file counts.
 */
#include "kernel/core/budget.h"

/* Limits that keep the product of an overrun and the ratio in range. */
#define OVERRUN_MAX (1u << 21)
#define RATIO_MAX   (1ull << 42)

static uint32_t ring(uint32_t i)
{
    return i % BUDGET_REFILLS;
}

static struct budget_refill *head_of(struct budget *b)
{
    return &b->refill[b->head];
}

void budget_init(
    struct budget *b, uint64_t capacity, uint64_t period, uint64_t now)
{
    b->capacity = capacity;
    b->period = period;
    b->ratio = capacity == 0 ? 0 : 16 * period / capacity + 1;
    if (b->ratio > RATIO_MAX) {
        b->ratio = RATIO_MAX;
    }
    b->limited = capacity < period;
    b->throttled = false;
    b->head = 0;
    b->count = 1;
    b->refill[0].time = now;
    b->refill[0].amount = capacity;
}

static void pop(struct budget *b)
{
    b->head = (uint8_t)ring(b->head + 1u);
    b->count--;
}

/* Appends a piece; without a free slot it joins the last one, which is never
 * the head because there are several slots. */
static void append(struct budget *b, uint64_t amount, uint64_t time)
{
    struct budget_refill *last =
        &b->refill[ring((uint32_t)b->head + b->count - 1u)];

    if (b->count > 0 && time < last->time) {
        time = last->time;
    }
    if (b->count == BUDGET_REFILLS) {
        last->amount += amount;
        last->time = time;
        return;
    }

    struct budget_refill *slot = &b->refill[ring(b->head + (uint32_t)b->count)];
    slot->amount = amount;
    slot->time = time;
    b->count++;
}

bool budget_wake(struct budget *b, uint64_t now)
{
    if (head_of(b)->time > now) {
        return false;
    }

    head_of(b)->time = now;
    for (uint32_t i = 1; i < BUDGET_REFILLS && b->count > 1; i++) {
        struct budget_refill h = *head_of(b);
        struct budget_refill *second = &b->refill[ring(b->head + 1u)];
        if (second->time > h.time + h.amount) {
            break;
        }
        second->amount += h.amount;
        second->time = h.time;
        pop(b);
    }
    return true;
}

static enum budget_result charge_slice(struct budget *b, uint64_t used)
{
    struct budget_refill *h = head_of(b);

    if (used < h->amount) {
        h->amount -= used;
        return BUDGET_LEFT;
    }
    h->amount = b->capacity;
    return BUDGET_SLICE_OVER;
}

static enum budget_result charge_sporadic(
    struct budget *b, uint64_t used, uint64_t now)
{
    struct budget_refill h = *head_of(b);

    if (used < h.amount) {
        head_of(b)->amount = h.amount - used;
        head_of(b)->time = h.time + used;
        append(b, used, h.time + b->period);
        return BUDGET_LEFT;
    }

    /* all used; what was used beyond the piece delays its return */
    uint64_t over = used - h.amount;
    if (over > OVERRUN_MAX) {
        over = OVERRUN_MAX;
    }
    pop(b);
    append(b, h.amount, h.time + b->period + over * b->ratio / 16);
    return budget_wake(b, now) ? BUDGET_SLICE_OVER : BUDGET_EMPTY;
}

enum budget_result budget_charge(struct budget *b, uint64_t used, uint64_t now)
{
    if (used == 0) {
        return BUDGET_LEFT;
    }
    return b->limited ? charge_sporadic(b, used, now) : charge_slice(b, used);
}

uint64_t budget_left(const struct budget *b)
{
    return b->refill[b->head].amount;
}
