/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.h - how PDs communicate: notifications, protected procedure calls, fault
 * events.
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
#include "kernel/core/kernel.h"

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
void ipc_signal(struct kernel *k, struct pd *pd, uint32_t id);
/** ABI_SYS_NOTIFY of the running PD on `channel`; returns an error. */
COLD enum err ipc_notify(
    struct kernel *k, const struct pd *pd, uint64_t channel);
/** ABI_SYS_WAIT: `pd` receives an event now or sleeps until there is one. */
void ipc_wait(struct kernel *k, struct pd *pd);
/** `pd`, which runs, takes an event now or begins to wait. */
void ipc_receive(struct kernel *k, struct pd *pd);
/** Acknowledges the interrupts that `pd` left in its control block. */
NOINLINE void ipc_acknowledge_deferred(const struct kernel *k, struct pd *pd);
/** Carries out what `pd` left in its control block to be done at its next
 *  wait; what is not allowed has no effect. */
COLD void ipc_carry_out_deferred(struct kernel *k, struct pd *pd);
/** The running PD faulted: its parent receives an event. */
void ipc_fault(struct kernel *k, struct pd *pd, const struct fault *fault);

/** `pd`'s parent shall not receive `pd`'s fault any more. */
void ipc_fault_clear(const struct kernel *k, struct pd *pd);
/** `pd` will not answer: its callers get ERR_STOPPED; a child's fault that `pd`
 *  received but did not answer is presented to it again. */
void ipc_abort_clients(struct kernel *k, struct pd *pd);
/** There may be an event for `pd`: if it waits, it takes one and becomes ready. */
void ipc_wake(struct kernel *k, struct pd *pd);

/** Delivers the lazy notifications of the running PD; at every kernel entry. */
void ipc_deliver_lazy(struct kernel *k, struct pd *pd);

/** The lazy notifications in the control block of `pd`, allowed or not. */
static inline uint64_t ipc_lazy(const struct pd *pd)
{
    return atomic_load_explicit(
        &pd->control->notify_lazy, memory_order_relaxed);
}
