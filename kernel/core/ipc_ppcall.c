/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_ppcall.c - protected procedure calls; see ipc_ppcall.h and ipc.h.
 *
 * This is the slow path, which handles every case.  The fast path, in ipc_fast.c,
 * handles the usual one and leads to the same state.
 */
#include "kernel/core/ipc_ppcall.h"

#include <stddef.h>

#include "kernel/core/ipc.h"
#include "kernel/core/sched.h"
#include "kernel/core/sched_lend.h"

#define INFO_ABORTED ((uint64_t)ABI_LABEL_ABORTED << ABI_INFO_LABEL_SHIFT)

/* A reply that says it is longer than a message can be is cut. */
static void copy_message(struct pd *to, const struct pd *from)
{
    uint64_t info = arch_context_get(&from->context, IPC_REG_INFO);
    uint64_t length = info & ABI_INFO_LENGTH_MASK;

    arch_context_copy_message(&to->context, &from->context);
    if (length > ABI_MSG_WORDS) {
        length = ABI_MSG_WORDS;
        arch_context_set(&to->context, IPC_REG_INFO,
            (info & ~(uint64_t)ABI_INFO_LENGTH_MASK) | length);
    }
    ipc_copy_words(to, from, length);
}

/* --- the end of a call --------------------------------------------------- */

void ipc_ppcall_abort(struct kernel *k, struct pd *caller)
{
    arch_context_set(&caller->context, IPC_REG_ERROR, ERR_STOPPED);
    arch_context_set(&caller->context, IPC_REG_INFO, INFO_ABORTED);
    caller->wait_state = PD_READY;
    sched_lend_take_back(k, caller, pd_callee(caller->call));
    sched_ready(k, caller);
}

void ipc_ppcall_cancel(struct kernel *k, struct pd *pd)
{
    if (pd->wait_state != PD_CALLING) {
        return;
    }

    struct pd *server = pd_callee(pd->call);
    server->callers &= ~pd->call->bit;
    pd->wait_state = PD_READY;
    arch_context_rewind(&pd->context);
    if (server->client == pd) {
        server->client = NULL;
        sched_lend_take_back(k, pd, server);
    }
}

static void answer(struct kernel *k, struct pd *pd, struct pd *client)
{
    pd->client = NULL;
    client->wait_state = PD_READY;
    copy_message(client, pd);
    arch_context_set(&client->context, IPC_REG_ERROR, ERR_OK);
    sched_lend_take_back(k, client, pd);
    sched_go_on(k, client);
}

static void let_go_on(struct kernel *k, struct pd *pd, struct pd *child)
{
    pd->faulted_child = NULL;
    child->wait_state = PD_READY;
    sched_ready(k, child);
}

void ipc_reply_wait(struct kernel *k, struct pd *pd)
{
    struct pd *client = pd->client;
    struct pd *child = pd->faulted_child;

    ipc_carry_out_deferred(k, pd);
    if (client != NULL) {
        answer(k, pd, client);
    } else if (child != NULL) {
        let_go_on(k, pd, child);
    }
    ipc_receive(k, pd);
}

/* --- its beginning ------------------------------------------------------- */

void ipc_ppcall_accept_lowest(const struct kernel *k, struct pd *server)
{
    uint32_t id = (uint32_t)__builtin_ctzll(server->callers);
    struct pd *caller = kernel_pd(k, server->entry->channel[id].pd);

    server->callers &= server->callers - 1;
    server->client = caller;
    arch_context_set(&server->context, IPC_REG_KIND, ABI_EVENT_CALL);
    arch_context_set(&server->context, IPC_REG_ID, id);
    if ((server->flags & ABI_PD_PASSIVE) != 0) {
        sched_lend_to(caller, server);
    }
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
    return pd_callee(end)->stopped ? ERR_STOPPED : ERR_OK;
}

void ipc_ppcall(struct kernel *k, struct pd *pd)
{
    uint64_t channel = arch_context_get(&pd->context, IPC_REG_CHANNEL);
    enum err err = check_call(pd, channel);

    if (err != ERR_OK) {
        arch_context_set(&pd->context, IPC_REG_ERROR, err);
        if (err == ERR_STOPPED) {
            arch_context_set(&pd->context, IPC_REG_INFO, INFO_ABORTED);
        }
        return;
    }

    const struct abi_channel *end = &pd->entry->channel[channel];
    struct pd *server = pd_callee(end);
    pd->wait_state = PD_CALLING;
    pd->call = end;
    server->callers |= end->bit;
    ipc_wake(k, server);
}
