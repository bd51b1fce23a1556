/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_fast.c - what nearly always happens, in one go.
 *
 * A call finds its server waiting, the reply finds its caller still the most
 * urgent; a PD notifies a more urgent one that waits, or the one that is to run
 * next, and waits itself.  No time slice or limited budget is in play, nothing
 * else was deferred.  Then the kernel does not look for somebody to run, it
 * knows.  Each function makes every check that the long way makes (ipc.c,
 * ipc_ppcall.c), acts only after the last of them (acknowledgements come first:
 * nobody can tell), and leads to the state that the long way leads to; whatever is not as usual, it leaves to kernel_syscall().
 *
 * Rights need no check of their own: without the right, the channel's callee or
 * listener is a PD that never waits (abi/table.h).
 *
 * kernel.current is not kept here: the next entry says who ran.  The message of
 * a call is not seen here: it stays in the processor's registers (arch.h).
 */
#include <stddef.h>

#include "kernel/core/ipc.h"
#include "kernel/core/ipc_ppcall.h"
#include "kernel/core/sched.h"

/* Something to deliver or carry out at a wait. */
static inline bool has_deferred(const struct pd *pd)
{
    const struct abi_control *control = pd->control;

    return (ipc_lazy(pd) | control->notify_at_wait | control->ack_at_wait) != 0;
}

/* --- calls --------------------------------------------------------------- */

/* A server is more urgent than its callers, so nobody comes between. */
ALWAYS_INLINE void begin(
    struct pd *pd, const struct abi_channel *end, struct pd *server)
{
    arch_context_set(&server->context, IPC_REG_ID, end->id);
    server->state = PD_READY;
    server->client = pd;
    pd->call = end;
    pd->state = PD_CALLING;
}

/* The server runs on a budget of its own, or the FPU or the timer must be opened
 * or closed. */
NOINLINE static struct arch_context *ppcall_fast_general(struct pd *pd,
    const struct abi_channel *end, uint64_t length, struct kernel *k)
{
    struct pd *server = pd_callee(end);

    if (server->state > PD_WAITS_OWN || (k->mode & KERNEL_CLOCK) != 0) {
        return arch_ppcall_slow(&pd->context);
    }
    if (server->state == PD_WAITS_LENT) {
        sched_lend(pd, server);
    } else {
        sched_set_budget_owner(k, server);
    }
    ipc_copy_words(server, pd, length);
    begin(pd, end, server);
    return sched_run(k, server);
}

/* The server is passive and may use what the caller may use. */
ALWAYS_INLINE struct arch_context *ppcall_fast(
    struct pd *pd, uint64_t channel, uint64_t length, struct kernel *k)
{
    if (channel >= ABI_IDS || ipc_lazy(pd) != 0) {
        return arch_ppcall_slow(&pd->context);
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    struct pd *server = pd_callee(end);
    if (server->state != PD_WAITS_LENT || k->mode != server->special) {
        return ppcall_fast_general(pd, end, length, k);
    }
    sched_lend(pd, server);
    ipc_copy_words(server, pd, length);
    begin(pd, end, server);
    return sched_run_same_mode(server);
}

NOINLINE static struct arch_context *call_with_words(
    struct pd *pd, uint64_t channel, uint64_t length, struct kernel *k)
{
    return length > ABI_MSG_WORDS ? arch_ppcall_slow(&pd->context)
                                  : ppcall_fast(pd, channel, length, k);
}

struct arch_context *kernel_ppcall_fast(struct arch_context *context,
    uint64_t channel, uint64_t length, struct kernel *k)
{
    struct pd *pd = (struct pd *)context; /* its first member */

    return length > ABI_MSG_REGS ? call_with_words(pd, channel, length, k)
                                 : ppcall_fast(pd, channel, 0, k);
}

/* All but the budget and the message: `pd` waits again, its client goes on. */
ALWAYS_INLINE void end_call(struct pd *pd, struct pd *client, uint8_t wait_kind)
{
    pd->client = NULL;
    pd->state = wait_kind;
    client->state = PD_READY;
}

/* As ppcall_fast_general(). */
NOINLINE static struct arch_context *reply_fast_general(
    struct pd *pd, struct pd *client, uint64_t length, struct kernel *k)
{
    /* a limited budget of the client's own must be looked at again */
    if (pd->fast_wait_kind > PD_WAITS_OWN || (k->mode & KERNEL_CLOCK) != 0 ||
        (pd->fast_wait_kind == PD_WAITS_LENT && !sched_is_lent(client, pd)) ||
        (pd->fast_wait_kind == PD_WAITS_OWN &&
            client->budget_owner->budget.limited)) {
        return arch_reply_wait_slow(&pd->context);
    }
    if (pd->fast_wait_kind == PD_WAITS_LENT) {
        sched_give_back(pd, client);
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
        return arch_reply_wait_slow(&pd->context);
    }
    if (pd->fast_wait_kind != PD_WAITS_LENT || !sched_is_lent(client, pd) ||
        k->mode != client->special) {
        return reply_fast_general(pd, client, length, k);
    }
    sched_give_back(pd, client);
    ipc_copy_words(client, pd, length);
    end_call(pd, client, PD_WAITS_LENT);
    return sched_run_same_mode(client);
}

NOINLINE static struct arch_context *reply_with_words(
    struct pd *pd, uint64_t length, struct kernel *k)
{
    return length > ABI_MSG_WORDS ? arch_reply_wait_slow(&pd->context)
                                  : reply_fast(pd, length, k);
}

struct arch_context *kernel_reply_wait_fast(
    struct arch_context *context, uint64_t length, struct kernel *k)
{
    struct pd *pd = (struct pd *)context;

    return length > ABI_MSG_REGS ? reply_with_words(pd, length, k)
                                 : reply_fast(pd, 0, k);
}

/* --- notifications ------------------------------------------------------- */

/* `pd` waits and is notified on the channel of `bit`: it runs at once. */
ALWAYS_INLINE void receive(struct pd *pd, uint64_t bit)
{
    pd->state = PD_READY;
    arch_context_set(&pd->context, IPC_REG_KIND, ABI_EVENT_NOTIFICATION);
    arch_context_set(&pd->context, IPC_REG_ID, bit);
}

/* The running PD takes what it has, and goes on. */
ALWAYS_INLINE struct arch_context *take(struct pd *pd)
{
    receive(pd, pd->pending);
    pd->pending = 0;
    return &pd->context;
}

COLD static struct arch_context *notify_slow(
    struct arch_context *context, uint64_t channel)
{
    arch_context_set(context, IPC_REG_CHANNEL, channel);
    return kernel_syscall(context, ABI_SYS_NOTIFY);
}

struct arch_context *kernel_notify_fast(
    struct arch_context *context, uint64_t channel, struct kernel *k)
{
    struct pd *pd = (struct pd *)context;

    if (channel >= ABI_IDS || ipc_lazy(pd) != 0) {
        return notify_slow(context, channel);
    }

    /* the usual case: a more urgent PD, which waits, runs at once */
    const struct abi_channel *end = &pd->entry->channel[channel];
    struct pd *peer = pd_listener(end);
    if (!sched_can_preempt(k, pd, peer)) {
        return notify_slow(context, channel);
    }
    arch_context_set(context, IPC_REG_ERROR, ERR_OK);
    receive(peer, end->bit);
    return sched_preempt(k, pd, peer);
}

/* `pd`, which has nothing to receive, waits; whoever it interrupted goes on. */
ALWAYS_INLINE struct arch_context *wait_for_others(
    struct pd *pd, struct kernel *k)
{
    k->current = pd;
    pd->state = pd->fast_wait_kind;
    return sched_block(k);
}

/* Acknowledgements are carried out. */
ALWAYS_INLINE struct arch_context *wait_fast(struct pd *pd, struct kernel *k)
{
    struct arch_context *context = &pd->context;
    struct abi_control *control = pd->control;
    uint64_t lazy = ipc_lazy(pd);
    uint64_t may = pd->entry->notify_lazy;

    if (pd->fast_wait_kind != PD_WAITS_OWN || pd->client != NULL ||
        (pd->callers | (lazy & ~may)) != 0 || (k->mode & KERNEL_CLOCK) != 0) {
        return kernel_syscall(context, ABI_SYS_WAIT);
    }

    uint64_t mask = lazy | control->notify_at_wait;
    if (pd->pending != 0) {
        return mask == 0 && k->next_priority <= pd->priority
                   ? take(pd)
                   : kernel_syscall(context, ABI_SYS_WAIT);
    }
    if (mask == 0) {
        return wait_for_others(pd, k);
    }

    /* one notification, of the PD that is to run next: usually that is all */
    const struct abi_channel *end = &pd->entry->channel[__builtin_ctzll(mask)];
    struct pd *peer = pd_listener(end);
    bool waits = pd_waits(peer);
    if ((mask & (mask - 1)) != 0 || peer == pd ||
        (waits && (peer->state != PD_WAITS_OWN ||
                      k->next_priority >= peer->priority))) {
        return kernel_syscall(context, ABI_SYS_WAIT);
    }
    atomic_store_explicit(&control->notify_lazy, 0, memory_order_relaxed);
    control->notify_at_wait = 0;
    if (!waits) {
        peer->pending |= end->bit;
        return wait_for_others(pd, k);
    }
    pd->state = PD_WAITS_OWN;
    receive(peer, end->bit);
    return sched_switch(k, peer);
}

NOINLINE static struct arch_context *wait_acknowledging(
    struct pd *pd, struct kernel *k)
{
    ipc_acknowledge_deferred(pd);
    return wait_fast(pd, k);
}

struct arch_context *kernel_wait_fast(
    struct arch_context *context, struct kernel *k)
{
    struct pd *pd = (struct pd *)context;

    return pd->control->ack_at_wait != 0 ? wait_acknowledging(pd, k)
                                         : wait_fast(pd, k);
}
