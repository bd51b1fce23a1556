/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.h - entering the kernel to wait, with everything that was deferred.
 *
 * Shape     two functions: wait, and reply then wait.  Inline because every
 *           event of every PD passes here: the event then stays in registers.
 * Owner     the library's loop is the only caller.
 * Trust     the event's message words come from a peer.
 * Errors    none: a deferred operation was checked when it was deferred.
 * Source    abi/call.h.
 *
 * This is the place to change when a kernel takes the deferred operations from
 * the PD's control block (ABI_CONTROL_OFFSET): entry_flush() then has nothing
 * left to do.  Now each operation is a kernel call of its own, made before the
 * wait, interrupts first, lowest id first.
 */
#pragma once

#include <microkit.h>

/** Carries out every deferred operation; none is lost. */
void entry_flush(void);

static inline void entry_flush_if_any(void)
{
    if (__builtin_expect(microkit_have_signal != 0, 0)) {
        entry_flush();
    }
}

/* Message words 0..3 arrive in registers; programs read them in the buffer. */
static inline void entry_store_words(const struct pride_event *event)
{
    seL4_Word *words = seL4_GetIPCBuffer()->msg;

    if (event->kind != ABI_EVENT_NOTIFICATION) {
        words[0] = event->msg.mr[0];
        words[1] = event->msg.mr[1];
        words[2] = event->msg.mr[2];
        words[3] = event->msg.mr[3];
    }
}

/** Waits for the next event. */
static inline void entry_wait(struct pride_event *event)
{
    entry_flush_if_any();
    pride_call_wait(event);
    entry_store_words(event);
}

/** Answers the last event with `info` and the message words, then waits. */
static inline void entry_reply_wait(
    microkit_msginfo info, struct pride_event *event)
{
    const seL4_Word *words = seL4_GetIPCBuffer()->msg;

    entry_flush_if_any();

    struct pride_msg reply = { info.words[0],
        { words[0], words[1], words[2], words[3] } };

    pride_call_reply_wait(&reply, event);
    entry_store_words(event);
}
