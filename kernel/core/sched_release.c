/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_release.c - the heap of exhausted budgets; see sched_release.h.
 */
#include "kernel/core/sched_release.h"

static uint16_t *heap(const struct kernel *k)
{
    return (uint16_t *)(uintptr_t)k->table->release;
}

static uint64_t key(const struct kernel *k, uint32_t slot)
{
    return sched_release_at(k, slot)->budget.release;
}

static void swap(const struct kernel *k, uint32_t a, uint32_t b)
{
    uint16_t t = heap(k)[a];
    heap(k)[a] = heap(k)[b];
    heap(k)[b] = t;
}

void sched_release_insert(struct kernel *k, struct pd *owner)
{
    uint32_t i = k->release_count++;

    pd_check(i < k->table->pd_count, "release heap full", owner);
    heap(k)[i] = owner->index;
    /* at most log2(ABI_PDS_MAX) steps */
    while (i > 0 && key(k, i) < key(k, (i - 1) / 2)) {
        swap(k, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

struct pd *sched_release_pop(struct kernel *k)
{
    struct pd *owner = sched_release_at(k, 0);
    uint32_t n = --k->release_count;
    uint32_t i = 0;

    heap(k)[0] = heap(k)[n];
    /* at most log2(ABI_PDS_MAX) steps */
    while (2 * i + 1 < n) {
        uint32_t child = 2 * i + 1;
        if (child + 1 < n && key(k, child + 1) < key(k, child)) {
            child++;
        }
        if (key(k, i) <= key(k, child)) {
            break;
        }
        swap(k, i, child);
        i = child;
    }
    return owner;
}
