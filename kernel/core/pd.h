/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pd.h - a protection domain's mutable state, and the kernel's own.
 *
 * Shape     one struct pd per PD, in memory the tool reserved, at a stride of
 *           ABI_PD_STATE_SIZE; one struct kernel per core.
 * Units     ticks of arch_time_now().
 * Owner     the core that the PD is placed on.  Guards: [I] written at boot
 *           only, [C] this core only.
 * Trust     kernel memory: no PD can write it.  The PD's registers in
 *           `context` hold whatever the PD put there.
 * Errors    an impossible combination is a broken invariant: kernel_panic().
 * Source    docs/design/kernel.md.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/control.h"
#include "abi/table.h"
#include "kernel/core/arch.h"
#include "kernel/core/budget.h"

/* How a PD waits says what must be looked at when it is woken, so that one
 * comparison tells whether the short way is open. */
enum pd_state {
    PD_WAITS_LENT,  /* waits, passive: will run on the budget of a caller */
    PD_WAITS_OWN,   /* waits, has an unlimited budget of its own */
    PD_WAITS_OTHER, /* waits, with something else to look at */
    PD_READY,       /* runs, or could */
    PD_CALLING,     /* in a call, until the reply */
    PD_FAULTED,     /* until its parent lets it go on */
};

/* What a switch to the PD changes besides the address space. */
#define PD_SPECIAL_FPU   0x1u /* the FPU holds its registers: it may be used */
#define PD_SPECIAL_TIMER 0x2u /* it may program the user timer */

/* Where a PD that could run waits for its turn. */
enum pd_place {
    PD_NOWHERE, /* runs, cannot run, or its budget is exhausted */
    PD_QUEUED,  /* in the ready queue of its priority */
    PD_NEXT,    /* is kernel.next */
};

struct pd {
    struct arch_context context; /* [C] registers while not running */
    const struct abi_pd *entry;  /* [I] the PD in the system table */

    /* What nearly every kernel entry looks at. */
    uint64_t vspace;             /* [I] copies of the table's, to be near */
    struct abi_control *control; /* [I] in the PD's page: it writes there */
    uint8_t priority;            /* [I] */
    uint8_t flags;               /* [I] ABI_PD_* */
    uint8_t wait_kind;           /* [I] its state while it waits */
    uint8_t fast_wait_kind;      /* [I] the same, but PD_WAITS_OTHER for one
                                    with children: it may have faults to take */
    uint8_t state;               /* [C] enum pd_state */
    uint8_t place;               /* [C] enum pd_place */
    uint8_t special;             /* [C] PD_SPECIAL_* */
    bool stopped;                /* [C] by its parent; never waits then */
    bool woken;                  /* [C] ready, to receive `pending` */
    uint64_t pending; /* [C] notifications not yet received, by channel id */
    uint64_t callers; /* [C] channel ids whose PD waits in a call to this */
    struct pd
        *budget_owner; /* [C] whose budget it runs on, or ran on when it called;
                         NULL: none, passive and waiting */

    struct pd *client; /* [C] whose call it accepted and must answer, or NULL */
    struct pd *
        faulted_child; /* [C] the faulted child whose fault it received, or NULL;
                          never both */
    const struct abi_channel
        *call;           /* [C] on which it calls, while PD_CALLING */
    uint64_t ticks_used; /* [C] processor time on its budget, whoever ran */
    uint64_t switches;   /* [C] times it was switched to */

    struct pd *next; /* [C] ready queue of its priority, circular */
    struct pd *prev; /* [C] */
    uint64_t held;   /* [C] channel ids of interrupts delivered, not acked */
    uint64_t starts; /* [C] 1 + restarts */
    uint16_t index;  /* [I] */

    struct budget budget; /* [C] its own, whoever runs on it */
    struct fault fault;   /* [C] while PD_FAULTED */
    struct arch_fpu fpu;  /* [C] while it does not own the FPU */
};

static_assert(offsetof(struct pd, context) == 0,
    "a context that an architecture hands over is its PD");
static_assert(sizeof(struct pd) <= ABI_PD_STATE_SIZE,
    "abi/table.h must reserve enough state per PD");

/* Reasons why the next exit must look at the clock; beside PD_SPECIAL_* in
 * kernel.mode, so that one comparison finds a plain switch. */
#define KERNEL_CLOCK_LOOK    0x100u /* something about time changed */
#define KERNEL_CLOCK_METERED 0x200u /* the running PD's budget is counted */
#define KERNEL_CLOCK         (KERNEL_CLOCK_LOOK | KERNEL_CLOCK_METERED)

/* Everything this core's kernel knows; see the files for each part. */
struct kernel {
    const struct abi_table *table; /* [I] */
    const struct abi_pd *entries;  /* [I] */
    const struct abi_irq *irqs;    /* [I] */
    const uint16_t *irq_lines;     /* [I] */
    uint64_t state;                /* [I] address of PD 0's state */

    struct pd *current; /* [C] runs, or ran before the kernel was entered; set
                               by every entry but the quick ones */
    struct pd *next;    /* [C] the most urgent PD that is ready, or NULL: then
                               the most urgent one is in the queues */
    int32_t next_priority;   /* [C] its priority, -1 if nobody else is ready */
    int32_t highest_queued;  /* [C] highest priority with a queue, -1: none */
    uint32_t mode;           /* [C] PD_SPECIAL_* as the processor is set, and
                               KERNEL_CLOCK_* if time plays a part */
    uint64_t since;          /* [C] when the running PD was switched to, or its
                               budget charged */
    struct pd *budget_owner; /* [C] whose budget the running PD uses */
    struct pd *fpu;          /* [C] whose registers the FPU holds, or NULL */
    uint64_t deadline;       /* [C] armed in the comparator, SCHED_NEVER: off */
    uint32_t spurious;       /* [C] interrupts nobody owns */

    uint32_t release_count; /* [C] entries in the release heap */
    uint32_t ready_words;   /* [C] bit w: ready_bits[w] is not zero */
    uint64_t ready_bits[4]; /* [C] bit p: queue[p] is not empty */
    struct pd *queue[256];  /* [C] head of each priority's ready queue */
};

extern struct kernel kernel;

/** The state of PD `index`, which the table check has bounded. */
static inline struct pd *pd_at(uint32_t index)
{
    return (struct pd *)(uintptr_t)(kernel.state +
                                    (uint64_t)index * ABI_PD_STATE_SIZE);
}

/** Whether `pd` waits for an event. */
static inline bool pd_waits(const struct pd *pd)
{
    return pd->state <= PD_WAITS_OTHER;
}

/** The PD at the other end of `end`: of a channel without the right, one that
 *  never waits. */
static inline struct pd *pd_callee(const struct abi_channel *end)
{
    return (struct pd *)(uintptr_t)end->callee;
}

/** As pd_callee(), for notifications. */
static inline struct pd *pd_listener(const struct abi_channel *end)
{
    return (struct pd *)(uintptr_t)end->listener;
}

/** Word array of the PD's message page: word n of the message. */
static inline uint64_t *pd_message(const struct pd *pd)
{
    /* from the control block, whose address is near: both are in that page */
    return (uint64_t *)((uintptr_t)pd->control - ABI_CONTROL_OFFSET +
                        ABI_BUFFER_MSG_OFFSET);
}

/** Stops the machine unless `ok`: a broken invariant of the kernel's own. */
static inline void pd_check(bool ok, const char *what, const struct pd *pd)
{
    if (__builtin_expect(!ok, 0)) {
        kernel_panic(what, pd == NULL ? ABI_PD_NONE : pd->index, 0);
    }
}
