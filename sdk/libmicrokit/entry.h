/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.h - entering the kernel to wait, with everything that was deferred.
 *
 * Shape     two functions: wait, and reply then wait.  Inline because every
 *           event of every PD passes here: the event then stays in registers.
 * Owner     the library's loop is the only caller.
 * Trust     the event's message words come from a peer.
 * Errors    a deferred operation was checked when it was deferred.
 * Source    abi/syscall.h.
 *
 * What was deferred is in the PD's control block (abi/control.h): the kernel
 * carries it out as part of the wait.
 */
#pragma once

#include <microkit.h>

/** Adds the operation that the program wrote into microkit_signal_cap itself. */
void entry_add_named(void);

static inline void entry_prepare(void)
{
    if (__builtin_expect(microkit_have_signal != 0, 0)) {
        if (microkit_signal_cap != microkit_internal_deferred) {
            entry_add_named();
        }
        microkit_internal_deferred = 0;
        microkit_have_signal = seL4_False;
    }
}

/* Message words 0..3 of a call or fault arrive in registers; programs read them
 * in the buffer. */
static inline void entry_store_words(const struct pride_event *event)
{
    seL4_Word *words = seL4_GetIPCBuffer()->msg;

    if ((event->msg.info & ABI_INFO_LENGTH_MASK) != 0) {
        words[0] = event->msg.mr[0];
        words[1] = event->msg.mr[1];
        words[2] = event->msg.mr[2];
        words[3] = event->msg.mr[3];
    }
}

/** Waits for the next event. */
static inline void entry_wait(struct pride_event *event)
{
    entry_prepare();
    pride_sys_wait(event);
}

/** Answers the last event with `info` and the message words, then waits. */
static inline void entry_reply_wait(
    microkit_msginfo info, struct pride_event *event)
{
    entry_prepare();
    struct pride_msg reply = pride_message(info.words[0]);
    pride_sys_reply_wait(&reply, event);
}
