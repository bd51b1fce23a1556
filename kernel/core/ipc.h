/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.h - how PDs meet: notifications, protected calls, fault events.
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

/** Sets notification bit `id` of `pd` and wakes it if it waits. */
void ipc_signal(struct pd *pd, uint32_t id);
/** ABI_CALL_NOTIFY of the running PD. */
MUST_USE enum err ipc_notify(struct pd *pd, uint64_t channel);
/** ABI_CALL_WAIT: `pd` receives an event now or sleeps until there is one. */
void ipc_wait(struct pd *pd);
/** ABI_CALL_REPLY_WAIT: answers what `pd` owes, then waits. */
void ipc_reply_wait(struct pd *pd);
/** ABI_CALL_CALL; ERR_OK means that the PD now waits for the reply. */
MUST_USE enum err ipc_call(struct pd *pd, uint64_t channel);
/** The running PD faulted: its parent receives an event. */
void ipc_fault(struct pd *pd, const struct fault *fault);

/** `pd`'s parent shall not receive `pd`'s fault any more. */
void ipc_fault_clear(struct pd *pd);
/** Withdraws the call that `pd` is in, if any: it will repeat the call. */
void ipc_cancel_call(struct pd *pd);
/** Nobody will serve `pd`'s clients: they get ERR_STOPPED; a child's fault
 *  that `pd` received but did not answer is presented again. */
void ipc_abort_clients(struct pd *pd);
/** Delivers an event to a waiting PD that may receive again (after stop). */
void ipc_wake(struct pd *pd);
