/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_queue.c - ready queues; see sched_queue.h.
 */
#include "kernel/core/sched_queue.h"

static void find_highest_queued(struct kernel *k)
{
    if (k->ready_words == 0) {
        k->highest_queued = -1;
        return;
    }
    uint32_t word = 31u - (uint32_t)__builtin_clz(k->ready_words);
    uint32_t bit = 63u - (uint32_t)__builtin_clzll(k->ready_bits[word]);
    k->highest_queued = (int32_t)(word * 64 + bit);
}

/* Appends to its list; one that shall be the first becomes the head, because
 * the list is circular.  Not inlined: it has five callers. */
NOINLINE static void push(struct kernel *k, struct pd *pd, bool first)
{
    uint32_t prio = pd->priority;
    struct pd *head = k->queue[prio];

    pd->place = PD_QUEUED;
    if (head == NULL) {
        pd->next = pd;
        pd->prev = pd;
        k->queue[prio] = pd;
        k->ready_bits[prio / 64] |= 1ull << (prio % 64);
        k->ready_words |= 1u << (prio / 64);
        if (k->highest_queued < (int32_t)prio) {
            k->highest_queued = (int32_t)prio;
        }
        return;
    }
    pd->next = head;
    pd->prev = head->prev;
    head->prev->next = pd;
    head->prev = pd;
    if (first) {
        k->queue[prio] = pd;
    }
}

static void unlink(struct kernel *k, struct pd *pd)
{
    uint32_t prio = pd->priority;

    pd->place = PD_NOWHERE;
    if (pd->next == pd) {
        k->queue[prio] = NULL;
        k->ready_bits[prio / 64] &= ~(1ull << (prio % 64));
        if (k->ready_bits[prio / 64] == 0) {
            k->ready_words &= ~(1u << (prio / 64));
        }
        find_highest_queued(k);
        return;
    }
    pd->next->prev = pd->prev;
    pd->prev->next = pd->next;
    if (k->queue[prio] == pd) {
        k->queue[prio] = pd->next;
    }
}

void sched_queue_remove(struct kernel *k, struct pd *pd)
{
    if (pd->place == PD_NEXT) {
        pd->place = PD_NOWHERE;
        k->next = NULL;
        k->next_priority = k->highest_queued;
    } else if (pd->place == PD_QUEUED) {
        unlink(k, pd);
        if (k->next == NULL) {
            k->next_priority = k->highest_queued;
        }
    }
}

void sched_queue_insert(struct kernel *k, struct pd *pd)
{
    struct pd *next = k->next;

    if (k->current != NULL && pd->priority == k->current->priority) {
        /* the running PD now shares its priority: its slice must be timed */
        k->mode |= KERNEL_CLOCK_LOOK;
    }
    if (k->next_priority < (int32_t)pd->priority) {
        k->next_priority = pd->priority;
    }
    if (next == NULL && (int32_t)pd->priority > k->highest_queued) {
        pd->place = PD_NEXT;
        k->next = pd;
    } else if (next != NULL && pd->priority > next->priority) {
        push(k, next, true);
        pd->place = PD_NEXT;
        k->next = pd;
    } else {
        push(k, pd, false);
    }
}

void sched_queue_put_back(struct kernel *k, struct pd *pd)
{
    if (k->next_priority < (int32_t)pd->priority) {
        k->next_priority = pd->priority;
    }
    if (k->next == NULL && (int32_t)pd->priority >= k->highest_queued) {
        pd->place = PD_NEXT;
        k->next = pd;
    } else {
        push(k, pd, true);
    }
}

void sched_queue_append(struct kernel *k, struct pd *pd)
{
    push(k, pd, false);
}

void sched_queue_move_first(struct kernel *k, struct pd *pd)
{
    struct pd *next = k->next;

    /* `next` would still come first: it follows in the list instead */
    if (next != NULL && next->priority == pd->priority) {
        k->next = NULL;
        push(k, next, true);
    }
    k->queue[pd->priority] = pd;
}

void sched_queue_move_last(struct kernel *k, struct pd *pd)
{
    unlink(k, pd);
    push(k, pd, false);
}
