/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - who runs; see sched.h.
 *
 * A kernel entry that changes nothing about the running PD's right to run
 * leaves by the short path: one look at the highest non-empty queue.  Anything
 * else reads the clock, charges the budget that paid, releases budgets that
 * came back and arms the comparator, which stays off unless somebody shares the
 * running PD's priority or a budget is limited or exhausted.
 */
#include "kernel/core/sched.h"

#include <stddef.h>

#include "kernel/core/irq.h"

/* Budgets that one kernel exit may release; the comparator fires again at once
 * when more are due. */
#define RELEASES_PER_EXIT 4u

/* --- ready queues -------------------------------------------------------- */

static void push(struct pd *pd)
{
    uint32_t prio = pd->entry->priority;
    struct pd *head = kernel.queue[prio];

    if (head == NULL) {
        pd->next = pd;
        pd->prev = pd;
        kernel.queue[prio] = pd;
        kernel.ready_bits[prio / 64] |= 1ull << (prio % 64);
        kernel.ready_words |= 1u << (prio / 64);
    } else {
        pd->next = head;
        pd->prev = head->prev;
        head->prev->next = pd;
        head->prev = pd;
        /* the slice of the one who runs now needs an end */
        kernel.reschedule = true;
    }
    pd->queued = true;
}

void sched_remove(struct pd *pd)
{
    if (!pd->queued) {
        return;
    }

    uint32_t prio = pd->entry->priority;
    pd->queued = false;
    if (pd->next == pd) {
        kernel.queue[prio] = NULL;
        kernel.ready_bits[prio / 64] &= ~(1ull << (prio % 64));
        if (kernel.ready_bits[prio / 64] == 0) {
            kernel.ready_words &= ~(1u << (prio / 64));
        }
        return;
    }
    pd->next->prev = pd->prev;
    pd->prev->next = pd->next;
    if (kernel.queue[prio] == pd) {
        kernel.queue[prio] = pd->next;
    }
}

static struct pd *top(void)
{
    if (kernel.ready_words == 0) {
        return NULL;
    }
    uint32_t word = 31u - (uint32_t)__builtin_clz(kernel.ready_words);
    uint32_t bit = 63u - (uint32_t)__builtin_clzll(kernel.ready_bits[word]);
    return kernel.queue[word * 64 + bit];
}

/* --- release heap -------------------------------------------------------- */

static uint16_t *heap(void)
{
    return (uint16_t *)(uintptr_t)kernel.table->release;
}

static uint64_t key(uint32_t slot)
{
    return pd_at(heap()[slot])->budget.release;
}

static void swap(uint32_t a, uint32_t b)
{
    uint16_t t = heap()[a];
    heap()[a] = heap()[b];
    heap()[b] = t;
}

static void heap_insert(struct pd *owner)
{
    uint32_t i = kernel.release_count++;

    pd_check(i < kernel.table->pd_count, "release heap full", owner);
    heap()[i] = owner->index;
    /* at most log2(ABI_PDS_MAX) steps */
    while (i > 0 && key(i) < key((i - 1) / 2)) {
        swap(i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static struct pd *heap_pop(void)
{
    struct pd *owner = pd_at(heap()[0]);
    uint32_t n = --kernel.release_count;
    uint32_t i = 0;

    heap()[0] = heap()[n];
    /* at most log2(ABI_PDS_MAX) steps */
    while (2 * i + 1 < n) {
        uint32_t child = 2 * i + 1;
        if (child + 1 < n && key(child + 1) < key(child)) {
            child++;
        }
        if (key(i) <= key(child)) {
            break;
        }
        swap(i, child);
        i = child;
    }
    return owner;
}

/* --- budgets ------------------------------------------------------------- */

static void throttle(struct pd *owner)
{
    struct budget *b = &owner->budget;

    b->throttled = true;
    b->release = b->refill[b->head].time;
    heap_insert(owner);
    if (b->user != NULL) {
        sched_remove(b->user);
    }
}

void sched_ready(struct pd *pd)
{
    if (pd->state != PD_READY || pd->stopped || pd->queued) {
        return;
    }
    if (pd->sc == NULL) {
        struct pd *user = pd->budget.user;
        pd_check(user == NULL || user == pd, "budget used twice", pd);
        pd->sc = pd;
        pd->budget.user = pd;
    }

    struct budget *b = &pd->sc->budget;
    if (b->throttled) {
        return;
    }
    if (b->limited && pd->sc != kernel.charged &&
        !budget_wake(b, arch_time_now())) {
        throttle(pd->sc);
        return;
    }
    push(pd);
}

static void release_due(uint64_t now)
{
    for (uint32_t i = 0; i < RELEASES_PER_EXIT; i++) {
        if (kernel.release_count == 0 || key(0) > now) {
            return;
        }
        struct pd *owner = heap_pop();
        owner->budget.throttled = false;
        if (owner->budget.user != NULL) {
            sched_ready(owner->budget.user);
        }
    }
}

static void charge(uint64_t now)
{
    uint64_t used = now - kernel.since;
    struct pd *owner = kernel.charged;

    kernel.since = now;
    if (kernel.current != NULL) {
        kernel.current->ticks_used += used;
    }
    if (owner == NULL || owner->budget.throttled) {
        return;
    }

    struct pd *user = owner->budget.user;
    switch (budget_charge(&owner->budget, used, now)) {
    case BUDGET_LEFT:
        break;
    case BUDGET_SLICE_OVER:
        if (user != NULL && user->queued) {
            sched_remove(user);
            push(user);
        }
        break;
    case BUDGET_EMPTY:
        throttle(owner);
        break;
    }
}

void sched_lend(struct pd *from, struct pd *to)
{
    struct pd *owner = from->sc;

    pd_check(to->sc == NULL, "callee has a budget", to);
    from->lent = owner;
    from->sc = NULL;
    to->sc = owner;
    owner->budget.user = to;
}

void sched_take_back(struct pd *pd)
{
    struct pd *owner = pd->lent;

    if (owner == NULL) {
        return;
    }
    pd->lent = NULL;

    struct pd *holder = owner->budget.user;
    pd->sc = owner;
    owner->budget.user = pd;
    if (holder != NULL && holder != pd) {
        sched_remove(holder);
        holder->sc = NULL;
        sched_ready(holder);
    }
}

void sched_give_up(struct pd *pd)
{
    if (pd->sc == pd) {
        sched_remove(pd);
        pd->sc = NULL;
        pd->budget.user = NULL;
    }
}

/* --- the exit ------------------------------------------------------------ */

static void arm(const struct pd *next, uint64_t now)
{
    uint64_t deadline = SCHED_NEVER;

    if (next != NULL && (next->sc->budget.limited || next->next != next)) {
        deadline = now + budget_left(&next->sc->budget);
    }
    if (kernel.release_count > 0 && key(0) < deadline) {
        deadline = key(0);
    }
    if (deadline == kernel.deadline) {
        return;
    }
    kernel.deadline = deadline;
    if (deadline == SCHED_NEVER) {
        arch_timer_off();
    } else {
        arch_timer_set(deadline);
    }
}

void sched_timer(void)
{
    kernel.deadline = SCHED_NEVER;
    kernel.reschedule = true;
    arch_timer_off();
}

static void switch_to(struct pd *next)
{
    bool fpu = next == kernel.fpu;
    bool timer = (next->entry->flags & ABI_PD_USER_TIMER) != 0;

    if (next != kernel.vspace) {
        kernel.vspace = next;
        arch_vspace_switch(next->entry);
    }
    if (fpu != kernel.fpu_on) {
        kernel.fpu_on = fpu;
        arch_fpu_enable(fpu);
    }
    if (timer != kernel.user_timer) {
        kernel.user_timer = timer;
        arch_user_timer_allow(timer);
    }
    next->switches++;
}

/* Nobody can run: waits for interrupts until somebody can. */
static struct pd *idle(void)
{
    struct pd *next;

    kernel.current = NULL;
    kernel.charged = NULL;
    do {
        arm(NULL, kernel.since);
        arch_idle();
        irq_take();
        kernel.since = arch_time_now();
        release_due(kernel.since);
        next = top();
    } while (next == NULL);
    return next;
}

struct arch_context *sched_leave(void)
{
    struct pd *next = top();

    if (next == kernel.current && next != NULL && !kernel.reschedule &&
        next->sc == kernel.charged) {
        return &next->context;
    }

    uint64_t now = arch_time_now();
    charge(now);
    release_due(now);
    next = top();
    if (next == NULL) {
        next = idle();
    }
    arm(next, kernel.since);
    if (next != kernel.current) {
        switch_to(next);
        kernel.current = next;
    }
    kernel.charged = next->sc;
    kernel.reschedule = false;
    return &next->context;
}
