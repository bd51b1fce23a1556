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
#include "kernel/core/sched.h"

/* Registers of abi/call.h. */
enum {
    IPC_REG_ERROR = 0,
    IPC_REG_CHANNEL = 0,
    IPC_REG_KIND = 0,
    IPC_REG_ID = 1,
    IPC_REG_INFO = 2,
    IPC_REG_WORDS = 3,
};

/** Sets notification bit `id` of `pd` and wakes it if it waits. */
void ipc_signal(struct pd *pd, uint32_t id);
/** ABI_CALL_NOTIFY of the running PD; sets its register 0. */
NOINLINE struct arch_context *ipc_notify(struct pd *pd);
/** ABI_CALL_WAIT: `pd` receives an event now or sleeps until there is one. */
NOINLINE struct arch_context *ipc_wait(struct pd *pd);
/** `pd`, which runs, takes an event now or begins to wait. */
void ipc_receive(struct pd *pd);
/** ABI_CALL_REPLY_WAIT: answers what `pd` owes, then waits. */
NOINLINE struct arch_context *ipc_reply_wait(struct pd *pd);
/** ABI_CALL_CALL; on an error, sets register 0. */
NOINLINE struct arch_context *ipc_call(struct pd *pd);
/** Carries out what `pd` left in its control block to be done at its next
 *  wait; what is not allowed has no effect. */
COLD void ipc_carry_out_deferred(struct pd *pd);
/** Notifies on every channel in `mask`; all of them may be notified. */
NOINLINE void ipc_deliver(struct pd *pd, uint64_t mask);
/** The running PD faulted: its parent receives an event. */
void ipc_fault(struct pd *pd, const struct fault *fault);

/** `pd`'s parent shall not receive `pd`'s fault any more. */
void ipc_fault_clear(struct pd *pd);
/** Nobody will serve `pd`'s clients: they get ERR_STOPPED; a child's fault
 *  that `pd` received but did not answer is presented again. */
void ipc_abort_clients(struct pd *pd);
/** Delivers an event to a waiting PD that may receive again (after stop). */
void ipc_wake(struct pd *pd);

/** True if ipc_carry_out_deferred() has something to do. */
static inline bool ipc_has_deferred(const struct pd *pd)
{
    return (pd->control->ack_at_wait | pd->control->notify_at_wait) != 0;
}

/** The running PD's notifications without a call, taken out of its control
 *  block: those that the table allows. */
static inline uint64_t ipc_take_quiet(struct pd *pd)
{
    uint64_t mask =
        atomic_load_explicit(&pd->control->notify_now, memory_order_relaxed);

    if (mask != 0) {
        atomic_store_explicit(
            &pd->control->notify_now, 0, memory_order_relaxed);
        mask &= pd->entry->notify_now;
    }
    return mask;
}

/** Notifies on the one channel in `mask`, which may be notified, if that is
 *  simple; otherwise false, and nothing is changed. */
static inline bool ipc_notify_simply(const struct pd *pd, uint64_t mask)
{
    if ((mask & (mask - 1)) != 0) {
        return false;
    }

    const struct abi_channel *end = &pd->entry->channel[__builtin_ctzll(mask)];
    struct pd *peer = pd_at(end->pd);
    if (peer->state == PD_WAITING && !sched_wake_simply(peer)) {
        return false;
    }
    peer->pending |= 1ull << end->id;
    return true;
}

/** Delivers what the running PD left in its control block to be delivered at
 *  its next kernel entry. */
static inline void ipc_deliver_now(struct pd *pd)
{
    uint64_t mask = ipc_take_quiet(pd);

    if (mask != 0) {
        ipc_deliver(pd, mask);
    }
}
