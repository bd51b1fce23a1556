/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel.h - everything that the kernel of one core knows.
 *
 * Shape     one struct kernel per core.  The entry code of the architecture
 *           finds it and hands it to the entry points of arch.h; every function
 *           of the core that needs it gets it as the argument `k`.
 * Units     ticks of arch_time_now().
 * Owner     its core.  Guards: [I] written at boot only, [C] this core only.
 * Trust     kernel memory: no PD can write it.
 * Errors    an impossible combination is a broken invariant: kernel_panic().
 * Source    docs/design/kernel.md.
 */
#pragma once

#include <stdint.h>

#include "kernel/core/pd.h"

/* Reasons why the next kernel exit must read the clock.  They share the word
 * `mode` with PD_SPECIAL_*: if it equals the `special` of the next PD, no clock
 * is involved and nothing has to be switched on or off for it. */
#define KERNEL_CLOCK_LOOK    0x100u /* something about time changed */
#define KERNEL_CLOCK_METERED 0x200u /* the running PD's budget is counted */
#define KERNEL_CLOCK         (KERNEL_CLOCK_LOOK | KERNEL_CLOCK_METERED)

struct kernel {
    const struct abi_table *table; /* [I] */
    const struct abi_pd *entries;  /* [I] */
    const struct abi_irq *irqs;    /* [I] */
    const uint16_t *irq_lines;     /* [I] */
    uint64_t pd_states;            /* [I] address of PD 0's state */

    struct pd *current;     /* [C] the PD that entered the kernel; NULL while
                              nobody can run.  The fast paths leave it as it
                              was: nothing reads it before the next entry. */
    struct pd *next;        /* [C] the ready PD of the highest priority, besides
                              the running one; NULL: it is in the queues */
    int32_t next_priority;  /* [C] its priority, also if it is in the queues;
                              -1: nobody else is ready */
    int32_t highest_queued; /* [C] highest priority with a queue, -1: none */
    uint32_t mode;          /* [C] PD_SPECIAL_* as the processor is set, and
                               KERNEL_CLOCK_* if the clock plays a part */
    uint64_t since;         /* [C] time up to which processor time has been
                               charged */
    struct pd *budget_owner; /* [C] whose budget the running PD uses */
    struct pd *fpu;          /* [C] whose registers the FPU holds, or NULL */
    uint64_t deadline;       /* [C] armed in the comparator, SCHED_NEVER: off */
    uint32_t spurious;       /* [C] interrupts nobody owns */

    uint32_t release_count; /* [C] entries in the release heap */
    uint32_t ready_words;   /* [C] bit w: ready_bits[w] is not zero */
    uint64_t ready_bits[4]; /* [C] bit p: queue[p] is not empty */
    struct pd *queue[256];  /* [C] head of each priority's ready queue */
};

/** The state of PD `index`, which the table check has bounded. */
static inline struct pd *kernel_pd(const struct kernel *k, uint32_t index)
{
    return (struct pd *)(uintptr_t)(k->pd_states +
                                    (uint64_t)index * ABI_PD_STATE_SIZE);
}
