/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pd.h - the mutable state of a protection domain (PD).
 *
 * Shape     one struct pd per PD, in memory the tool reserved, at a stride of
 *           ABI_PD_STATE_SIZE.
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

/* Whether a PD waits, and for what.  The three values for "waits for an event"
 * come first and differ in what must be checked when the PD is woken: a fast
 * path compares with the one value that it can handle. */
enum pd_wait_state {
    PD_WAITS_LENT,  /* passive: will run on the budget of a caller */
    PD_WAITS_OWN,   /* has an unlimited budget of its own */
    PD_WAITS_OTHER, /* has a limited budget, or faults of children to take */
    PD_READY,       /* runs, or could */
    PD_CALLING,     /* in a protected procedure call, until the reply */
    PD_FAULTED,     /* until its parent resumes it */
};

/* What a switch to the PD changes besides the address space. */
#define PD_SPECIAL_FPU   0x1u /* the FPU holds its registers: it may be used */
#define PD_SPECIAL_TIMER 0x2u /* it may program the user timer */

/* Where a ready PD is kept until it runs. */
enum pd_place {
    PD_NOWHERE, /* runs, cannot run, or its budget is exhausted */
    PD_QUEUED,  /* in the ready queue of its priority */
    PD_NEXT,    /* in the `next` of struct kernel */
};

struct pd {
    struct arch_context context; /* [C] registers while not running */
    const struct abi_pd *entry;  /* [I] the PD in the system table */

    /* What nearly every kernel entry reads, in one cache line. */
    uint64_t vspace;             /* [I] copied from the table */
    struct abi_control *control; /* [I] in the PD's page: the PD writes there */
    uint8_t priority;            /* [I] copied from the table */
    uint8_t flags;               /* [I] ABI_PD_*, copied from the table */
    uint8_t wait_kind;           /* [I] its wait state while it waits */
    uint8_t fast_wait_kind; /* [I] the same for the fast paths: they do not look
                               for faults, so PD_WAITS_OTHER for a parent */
    uint8_t wait_state;     /* [C] enum pd_wait_state */
    uint8_t place;          /* [C] enum pd_place */
    uint8_t special;        /* [C] PD_SPECIAL_* */
    bool stopped;           /* [C] by its parent; never waits then */
    bool woken;             /* [C] ready, and receives `pending` when it runs */
    uint64_t pending; /* [C] notifications not yet received, by channel id */
    uint64_t callers; /* [C] channel ids whose PD waits in a call to this */
    struct pd *budget_owner; /* [C] the PD whose budget this one runs on, or ran
                                on when it called; NULL: passive and waiting */

    struct pd *client; /* [C] whose call it accepted and must answer, or NULL */
    struct pd *faulted_child; /* [C] whose fault it received and must answer, or
                                 NULL; never both */
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

/** Whether `pd` waits for an event. */
static inline bool pd_waits(const struct pd *pd)
{
    return pd->wait_state <= PD_WAITS_OTHER;
}

/** The PD that a call on the channel end `end` reaches.  Without the right to
 *  call, it is a PD state that belongs to nobody and never waits. */
static inline struct pd *pd_callee(const struct abi_channel *end)
{
    return (struct pd *)(uintptr_t)end->callee;
}

/** The PD that a notification on `end` reaches; the same without the right. */
static inline struct pd *pd_listener(const struct abi_channel *end)
{
    return (struct pd *)(uintptr_t)end->listener;
}

/** Word array of the PD's message page: word n of the message. */
static inline uint64_t *pd_message(const struct pd *pd)
{
    /* computed from `control`, which is in the same page and has been read */
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
