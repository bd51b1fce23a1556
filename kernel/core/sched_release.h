/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched_release.h - the exhausted budgets, by the time when they are usable
 * again.
 *
 * Shape     a binary heap of PD indices, at most one entry per PD; the key is
 *           the owner's budget.release.
 * Units     ticks.
 * Owner     the core; the array is abi_table.release.
 * Trust     not called with anything a PD supplied.
 * Errors    a full heap is a broken invariant.
 */
#pragma once

#include "kernel/core/kernel.h"

/** Adds the budget of `owner`, whose budget.release is set. */
void sched_release_insert(struct kernel *k, struct pd *owner);
/** Takes out and returns the owner of the budget that is usable first. */
struct pd *sched_release_pop(struct kernel *k);

/** The PD whose index is in `slot` of the heap. */
static inline struct pd *sched_release_at(const struct kernel *k, uint32_t slot)
{
    const uint16_t *heap = (const uint16_t *)(uintptr_t)k->table->release;

    return kernel_pd(k, heap[slot]);
}

/** When the first budget is usable; there must be one. */
static inline uint64_t sched_release_first(const struct kernel *k)
{
    return sched_release_at(k, 0)->budget.release;
}
