/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - who runs; see sched.h.
 *
 * There are three ways out of the kernel.  Nothing changed for the running PD:
 * it goes on.  Another PD is more urgent, and neither time slices nor budgets
 * are in play: a plain switch.  Otherwise, by the clock: charge the budget that
 * paid, release those that came back, choose, arm the comparator.  It stays off
 * unless somebody shares the running PD's priority or a budget is limited or
 * exhausted.
 */
#include "kernel/core/sched.h"

#include <stddef.h>

#include "kernel/core/irq.h"

/* Budgets that one kernel exit may release; the comparator fires again at once
 * when more are due. */
#define RELEASES_PER_EXIT 4u

/* --- ready queues -------------------------------------------------------- */

static void find_highest_queued(void)
{
    if (kernel.ready_words == 0) {
        kernel.highest_queued = -1;
        return;
    }
    uint32_t word = 31u - (uint32_t)__builtin_clz(kernel.ready_words);
    uint32_t bit = 63u - (uint32_t)__builtin_clzll(kernel.ready_bits[word]);
    kernel.highest_queued = (int32_t)(word * 64 + bit);
}

/* Appends; a PD that is to be the first of its priority becomes the head. */
static void push(struct pd *pd, bool first)
{
    uint32_t prio = pd->priority;
    struct pd *head = kernel.queue[prio];

    pd->place = PD_QUEUED;
    if (head == NULL) {
        pd->next = pd;
        pd->prev = pd;
        kernel.queue[prio] = pd;
        kernel.ready_bits[prio / 64] |= 1ull << (prio % 64);
        kernel.ready_words |= 1u << (prio / 64);
        if (kernel.highest_queued < (int32_t)prio) {
            kernel.highest_queued = (int32_t)prio;
        }
        return;
    }
    pd->next = head;
    pd->prev = head->prev;
    head->prev->next = pd;
    head->prev = pd;
    if (first) {
        kernel.queue[prio] = pd;
    }
}

static void unlink(struct pd *pd)
{
    uint32_t prio = pd->priority;

    pd->place = PD_NOWHERE;
    if (pd->next == pd) {
        kernel.queue[prio] = NULL;
        kernel.ready_bits[prio / 64] &= ~(1ull << (prio % 64));
        if (kernel.ready_bits[prio / 64] == 0) {
            kernel.ready_words &= ~(1u << (prio / 64));
        }
        find_highest_queued();
        return;
    }
    pd->next->prev = pd->prev;
    pd->prev->next = pd->next;
    if (kernel.queue[prio] == pd) {
        kernel.queue[prio] = pd->next;
    }
}

void sched_remove(struct pd *pd)
{
    if (pd->place == PD_NEXT) {
        pd->place = PD_NOWHERE;
        kernel.next = NULL;
        kernel.next_priority = kernel.highest_queued;
    } else if (pd->place == PD_QUEUED) {
        unlink(pd);
        if (kernel.next == NULL) {
            kernel.next_priority = kernel.highest_queued;
        }
    }
}

/* Behind all others of its priority. */
static void insert(struct pd *pd)
{
    struct pd *next = kernel.next;

    if (kernel.current != NULL && pd->priority == kernel.current->priority) {
        /* the slice of the one who runs now needs an end */
        kernel.mode |= KERNEL_CLOCK_LOOK;
    }
    if (kernel.next_priority < (int32_t)pd->priority) {
        kernel.next_priority = pd->priority;
    }
    if (next == NULL && (int32_t)pd->priority > kernel.highest_queued) {
        pd->place = PD_NEXT;
        kernel.next = pd;
    } else if (next != NULL && pd->priority > next->priority) {
        push(next, true);
        pd->place = PD_NEXT;
        kernel.next = pd;
    } else {
        push(pd, false);
    }
}

/* In front of all others of its priority: the running PD, interrupted by a more
 * urgent one. */
static void put_back(struct pd *pd)
{
    if (kernel.next_priority < (int32_t)pd->priority) {
        kernel.next_priority = pd->priority;
    }
    if (kernel.next == NULL && (int32_t)pd->priority >= kernel.highest_queued) {
        pd->place = PD_NEXT;
        kernel.next = pd;
    } else {
        push(pd, true);
    }
}

/* The most urgent PD that is ready besides the running one, or NULL. */
static struct pd *next_ready(void)
{
    if (kernel.next != NULL) {
        return kernel.next;
    }
    return kernel.highest_queued < 0 ? NULL
                                     : kernel.queue[kernel.highest_queued];
}

static struct pd *take_next(void)
{
    struct pd *pd = next_ready();

    if (pd != NULL) {
        sched_remove(pd);
    }
    return pd;
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
    kernel.mode |= KERNEL_CLOCK_LOOK;
    if (b->user != NULL) {
        sched_remove(b->user);
    }
}

/* Takes its own budget, of a PD that has none: a passive PD with something to
 * do that nobody lent it a budget for. */
static void use_own(struct pd *pd)
{
    struct pd *user = pd->budget.user;

    pd_check(user == NULL || user == pd, "budget used twice", pd);
    pd->budget_owner = pd;
    pd->budget.user = pd;
}

void sched_ready(struct pd *pd)
{
    if (pd->state != PD_READY || pd->stopped || pd->place != PD_NOWHERE) {
        return;
    }
    if (pd->budget_owner == NULL) {
        use_own(pd);
    }

    struct budget *b = &pd->budget_owner->budget;
    /* a budget in use is not joined anew: that would move its time */
    if (b->limited && !b->throttled &&
        pd->budget_owner != kernel.budget_owner &&
        !budget_wake(b, arch_time_now())) {
        throttle(pd->budget_owner);
    }
    if (pd == kernel.current) {
        kernel.mode |= KERNEL_CLOCK_LOOK;
    } else if (!b->throttled) {
        insert(pd);
    }
}

void sched_go_on(struct pd *pd)
{
    const struct budget *b = &pd->budget;
    struct pd *next = kernel.next;

    sched_ready(pd);
    if (pd->place != PD_QUEUED || pd->budget_owner != pd || b->limited ||
        budget_left(b) == b->capacity) {
        return;
    }
    /* from the end to the front of the circular list */
    if (next != NULL && next->priority == pd->priority) {
        kernel.next = NULL;
        push(next, true);
    }
    kernel.queue[pd->priority] = pd;
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

void sched_take_back(struct pd *pd, struct pd *server)
{
    if (!sched_is_lent(pd, server)) {
        return;
    }

    struct pd *owner = pd->budget_owner;
    struct pd *holder = owner->budget.user;
    owner->budget.user = pd;
    /* who passed it on does not get it back; each is more urgent than the one
     * before */
    for (struct pd *p = server; p != holder; p = pd_callee(p->call)) {
        use_own(p);
    }
    sched_remove(holder);
    use_own(holder);
    sched_ready(holder);
}

void sched_give_up(struct pd *pd)
{
    if (pd->budget_owner == pd) {
        pd->budget_owner = NULL;
        pd->budget.user = NULL;
    }
}

/* --- the exit ------------------------------------------------------------ */

static bool shares_priority(const struct pd *pd)
{
    return kernel.queue[pd->priority] != NULL ||
           (kernel.next != NULL && kernel.next->priority == pd->priority);
}

static void arm(const struct pd *next, uint64_t now)
{
    uint64_t deadline = SCHED_NEVER;

    kernel.mode &= ~KERNEL_CLOCK_METERED;
    if (next != NULL &&
        (next->budget_owner->budget.limited || shares_priority(next))) {
        kernel.mode |= KERNEL_CLOCK_METERED;
        deadline = now + budget_left(&next->budget_owner->budget);
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
    kernel.mode |= KERNEL_CLOCK_LOOK;
    arch_timer_off();
}

struct arch_context *sched_change_special(struct pd *next)
{
    uint32_t change = (kernel.mode & ~KERNEL_CLOCK) ^ next->special;

    kernel.mode ^= change;
    if ((change & PD_SPECIAL_FPU) != 0) {
        arch_fpu_enable((next->special & PD_SPECIAL_FPU) != 0);
    }
    if ((change & PD_SPECIAL_TIMER) != 0) {
        arch_user_timer_allow((next->special & PD_SPECIAL_TIMER) != 0);
    }
    return &next->context;
}

/* The running PD changes, whatever it was before. */
static void switch_to(struct pd *next)
{
    kernel.current = next;
    sched_run(&kernel, next);
}

/* Takes the time since the last look off the budget in use.  True if the
 * running PD's slice is over. */
static bool charge(uint64_t used, uint64_t now)
{
    struct pd *owner = kernel.budget_owner;

    if (owner == NULL || owner->budget.throttled) {
        return false;
    }

    struct pd *user = owner->budget.user;
    switch (budget_charge(&owner->budget, used, now)) {
    case BUDGET_LEFT:
        return false;
    case BUDGET_SLICE_OVER:
        if (user != NULL && user->place == PD_QUEUED) {
            unlink(user);
            push(user, false);
        }
        return user == kernel.current;
    case BUDGET_EMPTY:
        throttle(owner);
        return false;
    }
    return false;
}

/* True if `next`, the most urgent, needs no clock to run. */
static bool is_simple(const struct pd *next)
{
    bool alone = next->place == PD_QUEUED
                     ? next->next == next
                     : kernel.highest_queued != next->priority;

    return alone && !next->budget_owner->budget.limited;
}

/* `next`, in no queue, runs from now on; whoever ran before is put away. */
static struct arch_context *begin(struct pd *next)
{
    kernel.mode &= ~KERNEL_CLOCK_LOOK;
    kernel.budget_owner = next->budget_owner;
    sched_receive(next);
    if (next != kernel.current) {
        switch_to(next);
    }
    return &next->context;
}

/* `next`, which nobody interrupted and nobody waits behind, runs. */
static inline struct arch_context *idle_ends(struct pd *next)
{
    kernel.next = NULL;
    kernel.next_priority = -1;
    next->place = PD_NOWHERE;
    kernel.budget_owner = next->budget_owner;
    sched_receive(next);
    switch_to(next);
    return &next->context;
}

/* One PD became ready, which needs no clock. */
static inline bool idle_ends_fast(void)
{
    return kernel.next != NULL && kernel.highest_queued < 0 &&
           sched_is_plain() && kernel.release_count == 0 &&
           !kernel.next->budget_owner->budget.limited;
}

static void sleep(void)
{
    arch_idle();
    irq_take();
    kernel.since = arch_time_stamp();
}

/* Nobody can run; an interrupt was taken.  Waits for more until somebody can. */
COLD static struct arch_context *idle_on(void)
{
    struct pd *next;

    for (;;) {
        if (kernel.release_count > 0 || !sched_is_plain()) {
            release_due(kernel.since);
            arm(NULL, kernel.since);
        }
        next = next_ready();
        if (next != NULL) {
            break;
        }
        sleep();
    }

    bool simple = is_simple(next);
    sched_remove(next);
    if (!simple) {
        arm(next, kernel.since);
    }
    return begin(next);
}

/* Nobody can run; the comparator is as it must be. */
static inline struct arch_context *idle(void)
{
    kernel.current = NULL;
    kernel.budget_owner = NULL;
    sleep();
    return idle_ends_fast() ? idle_ends(kernel.next) : idle_on();
}

struct arch_context *sched_idle(void)
{
    uint64_t now = arch_time_stamp();

    kernel.budget_owner->ticks_used += now - kernel.since;
    return idle();
}

static bool can_run(const struct pd *pd)
{
    return pd != NULL && pd->state == PD_READY && pd->budget_owner != NULL &&
           !pd->budget_owner->budget.throttled;
}

/* Whoever is to run after the clock was looked at, or NULL. */
static struct pd *choose(bool slice_over)
{
    struct pd *pd = kernel.current;

    if (can_run(pd)) {
        if (kernel.next_priority < pd->priority ||
            (kernel.next_priority == pd->priority && !slice_over)) {
            return pd;
        }
        if (slice_over && kernel.next_priority == pd->priority) {
            push(pd, false);
        } else {
            put_back(pd);
        }
    }
    return take_next();
}

static struct arch_context *leave_with_clock(void)
{
    uint64_t now = arch_time_now();
    uint64_t used = now - kernel.since;
    bool slice_over = false;

    kernel.since = now;
    if (kernel.budget_owner != NULL) {
        kernel.budget_owner->ticks_used += used;
    }
    if ((kernel.mode & KERNEL_CLOCK_METERED) != 0) {
        slice_over = charge(used, now);
    }
    release_due(now);

    struct pd *next = choose(slice_over);
    if (next == NULL) {
        arm(NULL, now);
        return idle();
    }
    arm(next, now);
    return begin(next);
}

struct arch_context *sched_start(void)
{
    return leave_with_clock();
}

struct arch_context *sched_leave(void)
{
    struct pd *pd = kernel.current;
    bool ready = pd->state == PD_READY;

    if (ready && kernel.next_priority <= pd->priority &&
        (kernel.mode & KERNEL_CLOCK_LOOK) == 0) {
        return &pd->context;
    }

    struct pd *next = next_ready();
    if (!sched_is_plain() || next == NULL || !is_simple(next)) {
        return leave_with_clock();
    }
    sched_remove(next);
    if (ready) {
        put_back(pd);
    }
    sched_receive(next);
    return sched_switch(&kernel, next);
}
