/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_call.c - protected calls; see ipc_call.h and ipc.h.
 *
 * Call and reply have a short way each, for what nearly always is: the server
 * waits, the caller is the most urgent to go on, no slice or limited budget is
 * in play.  It does the same things as the long way, in one go: the kernel does
 * not look for somebody to run, it knows.  Every check is made on both.
 */
#include "kernel/core/ipc_call.h"

#include <stddef.h>

#include "kernel/core/ipc.h"
#include "kernel/core/sched.h"

#define INFO_ABORTED ((uint64_t)ABI_LABEL_ABORTED << ABI_INFO_LABEL_SHIFT)

/* Copies the words that do not travel in registers: at most 116.  A reply that
 * says it is longer is cut. */
static void copy_words(struct pd *to, const struct pd *from, uint64_t length)
{
    const uint64_t *source = pd_message(from);
    uint64_t *target = pd_message(to);

    if (length > ABI_MSG_WORDS) {
        uint64_t info = arch_context_get(&to->context, IPC_REG_INFO);
        length = ABI_MSG_WORDS;
        arch_context_set(&to->context, IPC_REG_INFO,
            (info & ~(uint64_t)ABI_INFO_LENGTH_MASK) | length);
    }
    for (uint64_t i = ABI_MSG_REGS; i < length; i++) {
        target[i] = source[i];
    }
}

static void copy_message(struct pd *to, const struct pd *from)
{
    uint64_t info = arch_context_get(&from->context, IPC_REG_INFO);

    arch_context_copy_message(&to->context, &from->context);
    copy_words(to, from, info & ABI_INFO_LENGTH_MASK);
}

/* The short ways end here: the message, then the plain switch. */
NOINLINE static struct arch_context *switch_with_words(
    struct pd *to, const struct pd *from, uint64_t length)
{
    copy_words(to, from, length);
    return sched_switch(to);
}

static inline struct arch_context *switch_with_message(
    struct pd *to, const struct pd *from)
{
    uint64_t length =
        arch_context_get(&from->context, IPC_REG_INFO) & ABI_INFO_LENGTH_MASK;

    arch_context_copy_message(&to->context, &from->context);
    if (length > ABI_MSG_REGS) {
        return switch_with_words(to, from, length);
    }
    return sched_switch(to);
}

/* --- the end of a call --------------------------------------------------- */

void ipc_call_abort(struct pd *caller)
{
    arch_context_set(&caller->context, IPC_REG_ERROR, ERR_STOPPED);
    arch_context_set(&caller->context, IPC_REG_INFO, INFO_ABORTED);
    caller->state = PD_READY;
    sched_take_back(caller);
    sched_ready(caller);
}

void ipc_call_cancel(struct pd *pd)
{
    if (pd->state != PD_CALLING) {
        return;
    }

    struct pd *server = pd->server;
    server->callers &= ~(1ull << pd->server_id);
    if (server->debt == PD_DEBT_CALL && server->client == pd) {
        server->debt = PD_DEBT_NONE;
        server->client = NULL;
    }
    pd->state = PD_READY;
    arch_context_rewind(&pd->context);
    sched_take_back(pd);
}

COLD static struct arch_context *reply_wait_slowly(struct pd *pd)
{
    struct pd *client = pd->client;

    ipc_carry_out_deferred(pd);
    if (pd->debt == PD_DEBT_CALL) {
        pd->debt = PD_DEBT_NONE;
        pd->client = NULL;
        client->state = PD_READY;
        copy_message(client, pd);
        arch_context_set(&client->context, IPC_REG_ERROR, ERR_OK);
        sched_take_back(client);
        sched_go_on(client);
    } else if (pd->debt == PD_DEBT_FAULT) {
        pd->client = NULL;
        pd->debt = PD_DEBT_NONE;
        client->state = PD_READY;
        sched_ready(client);
    }
    ipc_receive(pd);
    return sched_leave();
}

struct arch_context *ipc_reply_wait(struct pd *pd)
{
    struct pd *client = pd->client;

    if (pd->debt != PD_DEBT_CALL || !sched_is_plain() || ipc_has_deferred(pd) ||
        (pd->pending | pd->callers | pd->entry->fault_words) != 0 ||
        kernel.urgency >= client->priority) {
        return reply_wait_slowly(pd);
    }

    struct pd *owner = client->lent;
    if (owner != NULL && owner == pd->sc) {
        pd->sc = NULL;
        client->lent = NULL;
        client->sc = owner;
        owner->budget.user = client;
    } else if (owner != NULL || (pd->flags & ABI_PD_PASSIVE) != 0 ||
               client->sc->budget.limited) {
        /* also a passive server whose lender took the budget back */
        return reply_wait_slowly(pd);
    }
    pd->state = PD_WAITING;
    pd->debt = PD_DEBT_NONE;
    pd->client = NULL;
    client->state = PD_READY;
    arch_context_set(&client->context, IPC_REG_ERROR, ERR_OK);
    return switch_with_message(client, pd);
}

/* --- its beginning ------------------------------------------------------- */

/* All of an accepted call but its message; `id` is the server's channel. */
static inline void begin(struct pd *server, struct pd *caller, uint32_t id)
{
    server->client = caller;
    server->debt = PD_DEBT_CALL;
    arch_context_set(&server->context, IPC_REG_KIND, ABI_EVENT_CALL);
    arch_context_set(&server->context, IPC_REG_ID, id);
    if ((server->flags & ABI_PD_PASSIVE) != 0) {
        sched_lend(caller, server);
    }
}

void ipc_call_accept_lowest(struct pd *server)
{
    uint32_t id = (uint32_t)__builtin_ctzll(server->callers);

    struct pd *caller = pd_at(server->entry->channel[id].pd);
    server->callers &= server->callers - 1;
    begin(server, caller, id);
    copy_message(server, caller);
}

static enum err check_call(const struct pd *pd, uint64_t channel)
{
    if (channel >= ABI_IDS || pd->entry->channel[channel].flags == 0) {
        return ERR_CHANNEL;
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    uint64_t info = arch_context_get(&pd->context, IPC_REG_INFO);
    if ((end->flags & ABI_CH_CALL) == 0) {
        return ERR_RIGHT;
    }
    if ((info & ABI_INFO_LENGTH_MASK) > ABI_MSG_WORDS) {
        return ERR_LENGTH;
    }
    return pd_at(end->pd)->stopped ? ERR_STOPPED : ERR_OK;
}

COLD static struct arch_context *call_slowly(struct pd *pd, uint64_t channel)
{
    enum err err = check_call(pd, channel);

    if (err != ERR_OK) {
        arch_context_set(&pd->context, IPC_REG_ERROR, err);
        if (err == ERR_STOPPED) {
            arch_context_set(&pd->context, IPC_REG_INFO, INFO_ABORTED);
        }
        return sched_leave();
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    struct pd *server = pd_at(end->pd);
    pd->state = PD_CALLING;
    pd->server = server;
    pd->server_id = end->id;
    server->callers |= 1ull << end->id;
    ipc_wake(server);
    return sched_leave();
}

struct arch_context *ipc_call(struct pd *pd)
{
    uint64_t channel = arch_context_get(&pd->context, IPC_REG_CHANNEL);
    uint64_t info = arch_context_get(&pd->context, IPC_REG_INFO);
    const struct abi_channel *end = &pd->entry->channel[channel % ABI_IDS];

    if (channel >= ABI_IDS || (end->flags & ABI_CH_CALL) == 0 ||
        (info & ABI_INFO_LENGTH_MASK) > ABI_MSG_WORDS || !sched_is_plain()) {
        return call_slowly(pd, channel);
    }

    struct pd *server = pd_at(end->pd);
    if (server->state != PD_WAITING || server->budget.limited) {
        return call_slowly(pd, channel);
    }

    /* A server is more urgent than its callers, so nobody comes between. */
    uint8_t id = end->id;
    pd->state = PD_CALLING;
    pd->server = server;
    pd->server_id = id;
    server->state = PD_READY;
    begin(server, pd, id);
    return switch_with_message(server, pd);
}
