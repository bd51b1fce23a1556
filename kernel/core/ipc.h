/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.h - how PDs meet: notifications, protected procedure calls, fault events.
 *
 * Shape     everything a PD can receive is a bit somewhere: `pending` by
 *           channel id, fault words by child id, `callers` by channel id.  A
 *           wait takes, in this order: all notifications at once, the lowest
 *           fault, the lowest caller.
 * Units     message lengths are 64-bit words.
 * Owner     the core.
 * Trust     channel ids and message infos come from PDs: checked here.
 * Errors    enum err, as kernel/kernel.md lists.
 */
#pragma once

#include "abi/err.h"
#include "kernel/core/pd.h"
#include "kernel/core/sched.h"

/* Registers of abi/syscall.h. */
enum {
    IPC_REG_ERROR = 0,
    IPC_REG_KIND = 0,
    IPC_REG_CHANNEL = 1,
    IPC_REG_ID = 1,
    IPC_REG_INFO = 2,
    IPC_REG_WORDS = 3,
};

/** Sets notification bit `id` of `pd` and wakes it if it waits. */
void ipc_signal(struct pd *pd, uint32_t id);
/** ABI_SYS_NOTIFY of the running PD on `channel`; returns an error. */
COLD enum err ipc_notify(const struct pd *pd, uint64_t channel);
/** ABI_SYS_WAIT: `pd` receives an event now or sleeps until there is one. */
void ipc_wait(struct pd *pd);
/** `pd`, which runs, takes an event now or begins to wait. */
void ipc_receive(struct pd *pd);
/** Acknowledges the interrupts that `pd` left in its control block. */
NOINLINE void ipc_acknowledge_deferred(struct pd *pd);
/** Carries out what `pd` left in its control block to be done at its next
 *  wait; what is not allowed has no effect. */
COLD void ipc_carry_out_deferred(struct pd *pd);
/** The running PD faulted: its parent receives an event. */
void ipc_fault(struct pd *pd, const struct fault *fault);

/** `pd`'s parent shall not receive `pd`'s fault any more. */
void ipc_fault_clear(struct pd *pd);
/** Nobody will serve `pd`'s clients: they get ERR_STOPPED; a child's fault
 *  that `pd` received but did not answer is presented again. */
void ipc_abort_clients(struct pd *pd);
/** Delivers an event to a waiting PD that may receive again (after stop). */
void ipc_wake(struct pd *pd);

/** Delivers what the running PD left in its control block to be delivered at
 *  its next kernel entry. */
void ipc_deliver_now(struct pd *pd);

/** The running PD's notifications without a call, allowed or not; they stay in
 *  its control block. */
static inline uint64_t ipc_lazy(const struct pd *pd)
{
    return atomic_load_explicit(
        &pd->control->notify_lazy, memory_order_relaxed);
}
