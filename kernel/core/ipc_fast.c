/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_fast.c - fast paths: the usual case of the most frequent system calls.
 *
 *   call     the server waits
 *   reply    the caller still has the next priority
 *   notify   the peer waits and has a higher priority: it runs at once
 *   wait     the PD with the next priority runs, perhaps after one notification
 *
 * In these cases the kernel knows who runs next without a look into the queues.
 * Each function makes every check that the slow path (ipc.c, ipc_ppcall.c)
 * makes, plus those for "usual": no time slice or limited budget plays a part,
 * nothing else was deferred.  It changes something only after the last check,
 * and leads to the state that the slow path leads to.  If a check fails, the
 * system call continues on the slow path, kernel_syscall().  One exception: a
 * wait acknowledges interrupts before the checks, because the slow path would
 * begin with that, too.
 *
 * Rights need no check of their own: without the right, the channel's callee or
 * listener is a PD state that never waits (abi/table.h).
 *
 * k->current is not updated here, because every entry sets it before it is
 * read.  The message of a call is not copied here: it stays in the processor's
 * registers (arch.h).
 */
#include <stddef.h>

#include "kernel/core/ipc.h"
#include "kernel/core/ipc_ppcall.h"
#include "kernel/core/sched_fast.h"

/* Something to deliver or carry out at a wait. */
static inline bool has_deferred(const struct pd *pd)
{
    const struct abi_control *control = pd->control;

    return (ipc_lazy(pd) | control->notify_at_wait | control->ack_at_wait) != 0;
}

/* --- calls --------------------------------------------------------------- */

/* A server has a higher priority than its callers, so it runs at once. */
ALWAYS_INLINE void begin_call(
    struct pd *pd, const struct abi_channel *end, struct pd *server)
{
    arch_context_set(&server->context, IPC_REG_ID, end->id);
    server->wait_state = PD_READY;
    server->client = pd;
    pd->call = end;
    pd->wait_state = PD_CALLING;
}

/* The server has a budget of its own, or the switch enables or disables FPU or
 * user timer.  Not inlined, so that ppcall_fast() stays short. */
NOINLINE static struct arch_context *ppcall_fast_general(struct pd *pd,
    const struct abi_channel *end, uint64_t length, struct kernel *k)
{
    struct pd *server = pd_callee(end);

    if (server->wait_state > PD_WAITS_OWN || !sched_clock_is_off(k)) {
        return arch_ppcall_slow(&pd->context, k);
    }
    if (server->wait_state == PD_WAITS_LENT) {
        sched_lend_to(pd, server);
    } else {
        sched_set_budget_owner(k, server);
    }
    ipc_copy_words(server, pd, length);
    begin_call(pd, end, server);
    return sched_run(k, server);
}

/* The server is passive and may use what the caller may use; otherwise
 * ppcall_fast_general(). */
ALWAYS_INLINE struct arch_context *ppcall_fast(
    struct pd *pd, uint64_t channel, uint64_t length, struct kernel *k)
{
    if (channel >= ABI_IDS || ipc_lazy(pd) != 0) {
        return arch_ppcall_slow(&pd->context, k);
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    struct pd *server = pd_callee(end);
    if (server->wait_state != PD_WAITS_LENT || k->mode != server->special) {
        return ppcall_fast_general(pd, end, length, k);
    }
    sched_lend_to(pd, server);
    ipc_copy_words(server, pd, length);
    begin_call(pd, end, server);
    return sched_run_same_mode(server);
}

NOINLINE static struct arch_context *ppcall_with_words(
    struct pd *pd, uint64_t channel, uint64_t length, struct kernel *k)
{
    return length > ABI_MSG_WORDS ? arch_ppcall_slow(&pd->context, k)
                                  : ppcall_fast(pd, channel, length, k);
}

struct arch_context *kernel_ppcall_fast(struct arch_context *context,
    uint64_t channel, uint64_t length, struct kernel *k)
{
    struct pd *pd = (struct pd *)context; /* its first member */

    return length > ABI_MSG_REGS ? ppcall_with_words(pd, channel, length, k)
                                 : ppcall_fast(pd, channel, 0, k);
}

/* All but the budget and the message: `pd` waits again, its client goes on. */
ALWAYS_INLINE void end_call(struct pd *pd, struct pd *client, uint8_t wait_kind)
{
    pd->client = NULL;
    pd->wait_state = wait_kind;
    client->wait_state = PD_READY;
}

/* As ppcall_fast_general(). */
NOINLINE static struct arch_context *reply_fast_general(
    struct pd *pd, struct pd *client, uint64_t length, struct kernel *k)
{
    /* The client's own budget, if limited, may be exhausted by now: that is
     * for the slow path. */
    if (pd->fast_wait_kind > PD_WAITS_OWN || !sched_clock_is_off(k) ||
        (pd->fast_wait_kind == PD_WAITS_LENT &&
            !sched_lend_is_lent(client, pd)) ||
        (pd->fast_wait_kind == PD_WAITS_OWN &&
            client->budget_owner->budget.limited)) {
        return arch_reply_wait_slow(&pd->context, k);
    }
    if (pd->fast_wait_kind == PD_WAITS_LENT) {
        sched_lend_give_back(pd, client);
    } else {
        sched_set_budget_owner(k, client);
    }
    ipc_copy_words(client, pd, length);
    end_call(pd, client, pd->fast_wait_kind);
    return sched_run(k, client);
}

/* As ppcall_fast(). */
ALWAYS_INLINE struct arch_context *reply_fast(
    struct pd *pd, uint64_t length, struct kernel *k)
{
    struct pd *client = pd->client;

    if (client == NULL || has_deferred(pd) ||
        (pd->pending | pd->callers) != 0 ||
        k->next_priority >= client->priority) {
        return arch_reply_wait_slow(&pd->context, k);
    }
    if (pd->fast_wait_kind != PD_WAITS_LENT ||
        !sched_lend_is_lent(client, pd) || k->mode != client->special) {
        return reply_fast_general(pd, client, length, k);
    }
    sched_lend_give_back(pd, client);
    ipc_copy_words(client, pd, length);
    end_call(pd, client, PD_WAITS_LENT);
    return sched_run_same_mode(client);
}

NOINLINE static struct arch_context *reply_with_words(
    struct pd *pd, uint64_t length, struct kernel *k)
{
    return length > ABI_MSG_WORDS ? arch_reply_wait_slow(&pd->context, k)
                                  : reply_fast(pd, length, k);
}

struct arch_context *kernel_reply_wait_fast(
    struct arch_context *context, uint64_t length, struct kernel *k)
{
    struct pd *pd = (struct pd *)context; /* its first member */

    return length > ABI_MSG_REGS ? reply_with_words(pd, length, k)
                                 : reply_fast(pd, 0, k);
}

/* --- notifications ------------------------------------------------------- */

/* `pd`, which waited, receives the notifications `bits` and is ready. */
ALWAYS_INLINE void receive(struct pd *pd, uint64_t bits)
{
    pd->wait_state = PD_READY;
    arch_context_set(&pd->context, IPC_REG_KIND, ABI_EVENT_NOTIFICATION);
    arch_context_set(&pd->context, IPC_REG_ID, bits);
}

/* The running PD has notifications already: it goes on with them. */
ALWAYS_INLINE struct arch_context *take(struct pd *pd)
{
    receive(pd, pd->pending);
    pd->pending = 0;
    return &pd->context;
}

COLD static struct arch_context *notify_slow(
    struct arch_context *context, uint64_t channel, struct kernel *k)
{
    arch_context_set(context, IPC_REG_CHANNEL, channel);
    return kernel_syscall(context, k, ABI_SYS_NOTIFY);
}

struct arch_context *kernel_notify_fast(
    struct arch_context *context, uint64_t channel, struct kernel *k)
{
    struct pd *pd = (struct pd *)context; /* its first member */

    if (channel >= ABI_IDS || ipc_lazy(pd) != 0) {
        return notify_slow(context, channel, k);
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    struct pd *peer = pd_listener(end);
    if (!sched_can_preempt(k, pd, peer)) {
        return notify_slow(context, channel, k);
    }
    arch_context_set(context, IPC_REG_ERROR, ERR_OK);
    receive(peer, end->bit);
    return sched_preempt(k, pd, peer);
}

/* --- waiting ------------------------------------------------------------- */

/* `pd` has nothing to receive and waits; the PD with the next priority runs. */
ALWAYS_INLINE struct arch_context *wait_for_others(
    struct pd *pd, struct kernel *k)
{
    k->current = pd;
    pd->wait_state = pd->fast_wait_kind;
    return sched_block(k);
}

/* Interrupts that `pd` deferred have been acknowledged. */
ALWAYS_INLINE struct arch_context *wait_fast(struct pd *pd, struct kernel *k)
{
    struct arch_context *context = &pd->context;
    struct abi_control *control = pd->control;
    uint64_t lazy = ipc_lazy(pd);
    uint64_t may = pd->entry->notify_lazy;

    if (pd->fast_wait_kind != PD_WAITS_OWN || pd->client != NULL ||
        (pd->callers | (lazy & ~may)) != 0 || !sched_clock_is_off(k)) {
        return kernel_syscall(context, k, ABI_SYS_WAIT);
    }

    uint64_t mask = lazy | control->notify_at_wait;
    if (pd->pending != 0) {
        return mask == 0 && k->next_priority <= pd->priority
                   ? take(pd)
                   : kernel_syscall(context, k, ABI_SYS_WAIT);
    }
    if (mask == 0) {
        return wait_for_others(pd, k);
    }

    /* One notification is left to deliver: only to a PD that does not wait, or
     * to one that runs at once because it waits with the highest priority. */
    const struct abi_channel *end = &pd->entry->channel[__builtin_ctzll(mask)];
    struct pd *peer = pd_listener(end);
    bool waits = pd_waits(peer);
    if ((mask & (mask - 1)) != 0 || peer == pd ||
        (waits && (peer->wait_state != PD_WAITS_OWN ||
                      k->next_priority >= peer->priority))) {
        return kernel_syscall(context, k, ABI_SYS_WAIT);
    }
    atomic_store_explicit(&control->notify_lazy, 0, memory_order_relaxed);
    control->notify_at_wait = 0;
    if (!waits) {
        peer->pending |= end->bit;
        return wait_for_others(pd, k);
    }
    pd->wait_state = PD_WAITS_OWN;
    receive(peer, end->bit);
    return sched_switch(k, peer);
}

NOINLINE static struct arch_context *wait_acknowledging(
    struct pd *pd, struct kernel *k)
{
    ipc_acknowledge_deferred(k, pd);
    return wait_fast(pd, k);
}

struct arch_context *kernel_wait_fast(
    struct arch_context *context, struct kernel *k)
{
    struct pd *pd = (struct pd *)context; /* its first member */

    return pd->control->ack_at_wait != 0 ? wait_acknowledging(pd, k)
                                         : wait_fast(pd, k);
}
