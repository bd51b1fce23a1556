/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.c - notifications, protected calls and fault events; see ipc.h.
 *
 * There is one way to receive: whoever has something for a PD sets a bit and
 * calls ipc_wake(); a waiting PD then takes one event as if it had only now
 * begun to wait.  There is one way to be blocked in a call: PD_CALLING, either
 * queued as a bit in the server's `callers` or accepted, when the server's
 * `client` names the caller.
 */
#include "kernel/core/ipc.h"

#include <stddef.h>

#include "kernel/core/sched.h"

enum {
    REG_KIND = 0,
    REG_ID = 1,
    REG_INFO = 2,
    REG_WORDS = 3,
};

static uint32_t lowest_bit(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

static uint32_t info_length(uint64_t info)
{
    uint32_t length = (uint32_t)(info & ABI_INFO_LENGTH_MASK);

    return length > ABI_MSG_WORDS ? ABI_MSG_WORDS : length;
}

static uint64_t make_info(uint64_t label, uint64_t length)
{
    return label << ABI_INFO_LABEL_SHIFT | length;
}

/* Copies the words that do not travel in registers: at most 116. */
static void copy_words(struct pd *to, const struct pd *from, uint32_t length)
{
    const uint64_t *source = pd_message(from);
    uint64_t *target = pd_message(to);

    for (uint32_t i = ABI_MSG_REGS; i < length; i++) {
        target[i] = source[i];
    }
}

static void copy_message(struct pd *to, const struct pd *from)
{
    uint32_t length = info_length(arch_context_get(&from->context, REG_INFO));

    arch_context_copy_message(&to->context, &from->context);
    if (length > ABI_MSG_REGS) {
        copy_words(to, from, length);
    }
}

static void set_event(struct pd *pd, uint64_t kind, uint64_t id)
{
    arch_context_set(&pd->context, REG_KIND, kind);
    arch_context_set(&pd->context, REG_ID, id);
}

/* --- calls: the end ------------------------------------------------------ */

/* The caller goes on with the reply, or its absence, in its registers. */
static void finish_call(struct pd *caller, enum err err)
{
    arch_context_set(&caller->context, REG_KIND, err);
    if (err != ERR_OK) {
        arch_context_set(
            &caller->context, REG_INFO, make_info(ABI_LABEL_ABORTED, 0));
    }
    caller->state = PD_READY;
    caller->server = NULL;
    sched_take_back(caller);
    sched_ready(caller);
}

/* `server` will not answer what it owes. */
static void drop_debt(struct pd *server, bool present_fault_again)
{
    struct pd *client = server->client;
    uint8_t debt = server->debt;

    server->client = NULL;
    server->debt = PD_DEBT_NONE;
    if (debt == PD_DEBT_CALL) {
        finish_call(client, ERR_STOPPED);
    } else if (debt == PD_DEBT_FAULT && present_fault_again) {
        uint64_t *words = (uint64_t *)(uintptr_t)server->entry->faults;
        uint32_t id = client->entry->child_id;
        words[id / 64] |= 1ull << (id % 64);
    }
}

static void reply(struct pd *server)
{
    struct pd *client = server->client;
    uint8_t debt = server->debt;

    server->client = NULL;
    server->debt = PD_DEBT_NONE;
    if (debt == PD_DEBT_CALL) {
        pd_check(client->state == PD_CALLING && client->server == server,
            "reply to nobody", server);
        copy_message(client, server);
        finish_call(client, ERR_OK);
    } else if (debt == PD_DEBT_FAULT) {
        pd_check(client->state == PD_FAULTED, "reply to no fault", server);
        client->state = PD_READY;
        sched_ready(client);
    }
}

/* --- receiving ----------------------------------------------------------- */

static void accept_call(struct pd *server)
{
    uint32_t id = lowest_bit(server->callers);
    struct pd *caller = pd_at(server->entry->channel[id].pd);

    server->callers &= server->callers - 1;
    server->client = caller;
    server->debt = PD_DEBT_CALL;
    set_event(server, ABI_EVENT_CALL, id);
    copy_message(server, caller);
    if ((server->entry->flags & ABI_PD_PASSIVE) != 0) {
        sched_lend(caller, server);
    }
}

static void accept_fault(struct pd *parent, uint32_t id)
{
    const struct abi_pd *entry = parent->entry;
    bool monitor = (entry->flags & ABI_PD_MONITOR) != 0;
    struct pd *child = pd_at(monitor ? id : entry->children[id]);
    const struct fault *fault = &child->fault;
    uint64_t *words = pd_message(parent);

    parent->client = child;
    parent->debt = PD_DEBT_FAULT;
    set_event(parent, ABI_EVENT_FAULT, id);
    arch_context_set(
        &parent->context, REG_INFO, make_info(fault->label, fault->length));
    for (uint32_t i = 0; i < ABI_MSG_REGS; i++) {
        arch_context_set(&parent->context, REG_WORDS + i, fault->word[i]);
    }
    for (uint32_t i = ABI_MSG_REGS; i < fault->length; i++) {
        words[i] = fault->word[i];
    }
}

/* Takes the lowest fault, if any; at most ABI_PDS_MAX / 64 + 1 words. */
static bool take_fault(struct pd *pd)
{
    uint64_t *words = (uint64_t *)(uintptr_t)pd->entry->faults;

    for (uint32_t i = 0; i < pd->entry->fault_words; i++) {
        if (words[i] != 0) {
            uint32_t id = i * 64 + lowest_bit(words[i]);
            words[i] &= words[i] - 1;
            accept_fault(pd, id);
            return true;
        }
    }
    return false;
}

static bool take_event(struct pd *pd)
{
    if (pd->pending != 0) {
        set_event(pd, ABI_EVENT_NOTIFICATION, pd->pending);
        pd->pending = 0;
        return true;
    }
    if (take_fault(pd)) {
        return true;
    }
    if (pd->callers != 0) {
        accept_call(pd);
        return true;
    }
    return false;
}

void ipc_wake(struct pd *pd)
{
    if (pd->state == PD_WAITING && !pd->stopped && take_event(pd)) {
        pd->state = PD_READY;
        sched_ready(pd);
    }
}

static void receive(struct pd *pd)
{
    if ((pd->entry->flags & ABI_PD_PASSIVE) != 0) {
        sched_give_up(pd);
    }
    if (take_event(pd)) {
        sched_ready(pd);
        return;
    }
    pd->state = PD_WAITING;
    sched_remove(pd);
}

void ipc_wait(struct pd *pd)
{
    drop_debt(pd, false);
    receive(pd);
}

void ipc_reply_wait(struct pd *pd)
{
    reply(pd);
    receive(pd);
}

/* --- sending ------------------------------------------------------------- */

void ipc_signal(struct pd *pd, uint32_t id)
{
    pd->pending |= 1ull << id;
    ipc_wake(pd);
}

enum err ipc_notify(struct pd *pd, uint64_t channel)
{
    if (channel >= ABI_IDS || pd->entry->channel[channel].flags == 0) {
        return ERR_CHANNEL;
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    if ((end->flags & ABI_CH_NOTIFY) == 0) {
        return ERR_RIGHT;
    }
    ipc_signal(pd_at(end->pd), end->id);
    return ERR_OK;
}

enum err ipc_call(struct pd *pd, uint64_t channel)
{
    if (channel >= ABI_IDS || pd->entry->channel[channel].flags == 0) {
        return ERR_CHANNEL;
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    uint64_t info = arch_context_get(&pd->context, REG_INFO);
    if ((end->flags & ABI_CH_CALL) == 0) {
        return ERR_RIGHT;
    }
    if ((info & ABI_INFO_LENGTH_MASK) > ABI_MSG_WORDS) {
        return ERR_LENGTH;
    }

    struct pd *server = pd_at(end->pd);
    if (server->stopped) {
        arch_context_set(
            &pd->context, REG_INFO, make_info(ABI_LABEL_ABORTED, 0));
        return ERR_STOPPED;
    }

    pd->state = PD_CALLING;
    pd->server = server;
    pd->server_id = end->id;
    sched_remove(pd);
    server->callers |= 1ull << end->id;
    ipc_wake(server);
    return ERR_OK;
}

void ipc_fault(struct pd *pd, const struct fault *fault)
{
    pd->fault = *fault;
    pd->state = PD_FAULTED;
    sched_remove(pd);
    if (pd->entry->parent == ABI_PD_NONE) {
        return; /* the monitor itself: nobody is left to tell */
    }

    struct pd *parent = pd_at(pd->entry->parent);
    uint64_t *words = (uint64_t *)(uintptr_t)parent->entry->faults;
    uint32_t id = pd->entry->child_id;
    words[id / 64] |= 1ull << (id % 64);
    ipc_wake(parent);
}

/* --- undoing ------------------------------------------------------------- */

void ipc_fault_clear(struct pd *pd)
{
    struct pd *parent = pd_at(pd->entry->parent);
    uint64_t *words = (uint64_t *)(uintptr_t)parent->entry->faults;
    uint32_t id = pd->entry->child_id;

    words[id / 64] &= ~(1ull << (id % 64));
    if (parent->debt == PD_DEBT_FAULT && parent->client == pd) {
        parent->debt = PD_DEBT_NONE;
        parent->client = NULL;
    }
}

void ipc_cancel_call(struct pd *pd)
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
    pd->server = NULL;
    pd->state = PD_READY;
    arch_context_rewind(&pd->context);
    sched_take_back(pd);
}

void ipc_abort_clients(struct pd *pd)
{
    drop_debt(pd, true);
    /* at most ABI_IDS callers */
    while (pd->callers != 0) {
        uint32_t id = lowest_bit(pd->callers);
        struct pd *caller = pd_at(pd->entry->channel[id].pd);
        pd->callers &= pd->callers - 1;
        finish_call(caller, ERR_STOPPED);
    }
}
