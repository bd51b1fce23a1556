/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.c - see entry.h.
 */
#include "sdk/libmicrokit/entry.h"

struct microkit_internal_deferred microkit_internal_deferred;
seL4_Bool microkit_have_signal;
seL4_CPtr microkit_signal_cap;
seL4_MessageInfo_t microkit_signal_msg;

/* A program may have written the three globals itself, without the functions
 * that also keep the masks. */
static void add_named(struct microkit_internal_deferred *deferred)
{
    seL4_CPtr cap = microkit_signal_cap;

    if (cap - BASE_OUTPUT_NOTIFICATION_CAP < ABI_IDS) {
        deferred->notify |= (seL4_Word)1
                            << (cap - BASE_OUTPUT_NOTIFICATION_CAP);
    } else if (cap - BASE_IRQ_CAP < ABI_IDS) {
        deferred->ack |= (seL4_Word)1 << (cap - BASE_IRQ_CAP);
    }
}

void entry_flush(void)
{
    struct microkit_internal_deferred deferred = microkit_internal_deferred;

    if (microkit_have_signal) {
        add_named(&deferred);
        microkit_have_signal = seL4_False;
    }
    microkit_internal_deferred = (struct microkit_internal_deferred){ 0, 0 };
    for (; deferred.ack != 0; deferred.ack &= deferred.ack - 1) {
        (void)pride_call_irq_ack((uint64_t)__builtin_ctzll(deferred.ack));
    }
    for (; deferred.notify != 0; deferred.notify &= deferred.notify - 1) {
        (void)pride_call_notify((uint64_t)__builtin_ctzll(deferred.notify));
    }
}

/* Message words 0..3 arrive in registers; programs read them in the buffer. */
static void store_words(const struct pride_event *event)
{
    if (event->kind == ABI_EVENT_NOTIFICATION) {
        return;
    }
    for (int i = 0; i < ABI_MSG_REGS; i++) {
        seL4_SetMR(i, event->msg.mr[i]);
    }
}

void entry_wait(struct pride_event *event)
{
    entry_flush();
    pride_call_wait(event);
    store_words(event);
}

void entry_reply_wait(microkit_msginfo info, struct pride_event *event)
{
    struct pride_msg reply;

    entry_flush();
    reply.info = info.words[0];
    for (int i = 0; i < ABI_MSG_REGS; i++) {
        reply.mr[i] = seL4_GetMR(i);
    }
    pride_call_reply_wait(&reply, event);
    store_words(event);
}
