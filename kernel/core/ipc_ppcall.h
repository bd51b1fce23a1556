/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_ppcall.h - protected procedure calls: everything that can happen
 * to one.
 *
 * Shape     a caller is PD_CALLING.  Its call is queued, as a bit in the server's
 *           `callers`, or accepted: then the server's `client` is the caller.
 * Units     message lengths are 64-bit words.
 * Owner     the core.
 * Trust     the caller's registers were checked when the call was made.
 */
#pragma once

#include "abi/err.h"
#include "kernel/core/kernel.h"

/** ABI_SYS_PPCALL; an error is in register 0 afterwards. */
void ipc_ppcall(struct kernel *k, struct pd *pd);
/** ABI_SYS_REPLY_WAIT: answers what `pd` owes, then waits. */
void ipc_reply_wait(struct kernel *k, struct pd *pd);
/** `server`, which has callers, accepts the one on the lowest channel. */
void ipc_ppcall_accept_lowest(const struct kernel *k, struct pd *server);
/** The caller goes on without a reply: ERR_STOPPED. */
void ipc_ppcall_abort(struct kernel *k, struct pd *caller);
/** Withdraws the call that `pd` is in, if any: it will repeat the call. */
void ipc_ppcall_cancel(struct kernel *k, struct pd *pd);

/** Copies the words of a message that do not travel in registers; `length`, at
 *  most ABI_MSG_WORDS, counts all. */
static inline void ipc_copy_words(
    struct pd *to, const struct pd *from, uint64_t length)
{
    if (length <= ABI_MSG_REGS) {
        return;
    }

    const uint64_t *source = pd_message(from) + ABI_MSG_REGS;
    uint64_t *target = pd_message(to) + ABI_MSG_REGS;
    uint64_t left = length - ABI_MSG_REGS;

    /* at most 58 pairs */
    for (; left >= 2; left -= 2) {
        uint64_t first = source[0];
        uint64_t second = source[1];
        target[0] = first;
        target[1] = second;
        source += 2;
        target += 2;
    }
    if (left != 0) {
        *target = *source;
    }
}
