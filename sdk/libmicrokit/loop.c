/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loop.c - see loop.h.
 */
#include "sdk/libmicrokit/loop.h"

#include <stdbool.h>

#include "sdk/libmicrokit/entry.h"

char microkit_name[MICROKIT_PD_NAME_LENGTH];
extern bool microkit_passive;
bool microkit_passive;
seL4_Word microkit_irqs;
seL4_Word microkit_notifications;
seL4_Word microkit_pps;
seL4_Word pride_notify_lazy;
seL4_Word microkit_ioports;

seL4_IPCBuffer *__sel4_ipc_buffer = (seL4_IPCBuffer *)PRIDE_MESSAGE_PAGE;

static void missing(const char *name)
{
    microkit_dbg_puts(microkit_name);
    microkit_dbg_puts(" is missing the '");
    microkit_dbg_puts(name);
    microkit_dbg_puts("' entry point\n");
    microkit_internal_crash(seL4_NoError);
}

__attribute__((weak))
microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    (void)ch;
    (void)msginfo;
    missing("protected");
    return seL4_MessageInfo_new(0, 0, 0, 0);
}

__attribute__((weak)) seL4_Bool fault(microkit_child child,
    microkit_msginfo msginfo, microkit_msginfo *reply_msginfo)
{
    (void)child;
    (void)msginfo;
    (void)reply_msginfo;
    missing("fault");
    return seL4_False;
}

static void dispatch_notifications(seL4_Word bits)
{
    for (; bits != 0; bits &= bits - 1) {
        notified((microkit_channel)__builtin_ctzll(bits));
    }
}

void loop_prepare(void)
{
    /* A restarted PD does not know which interrupts it had left masked. */
    for (seL4_Word irqs = microkit_irqs; irqs != 0; irqs &= irqs - 1) {
        microkit_irq_ack((microkit_channel)__builtin_ctzll(irqs));
    }
    if (microkit_passive) {
        /* the kernel takes the budget away at the wait that follows */
        microkit_dbg_puts("MON|INFO: PD '");
        microkit_dbg_puts(microkit_name);
        microkit_dbg_puts("' is now passive!\n");
    }
}

/* What an event leaves to the next wait. */
struct answer {
    bool owed; /* the next wait answers the event with `info` */
    microkit_msginfo info;
};

/* Not inlined: only a parent's handler needs memory for the reply. */
NOINLINE static struct answer handle_fault(
    microkit_child child, microkit_msginfo info)
{
    microkit_msginfo reply = seL4_MessageInfo_new(0, 0, 0, 0);
    bool owed = fault(child, info, &reply) != 0;

    return (struct answer){ owed, reply };
}

ALWAYS_INLINE microkit_msginfo serve(const struct pride_event *event)
{
    microkit_msginfo info = { { event->msg.info } };

    entry_store_words(event);
    return protected((microkit_channel)event->which, info);
}

ALWAYS_INLINE struct answer serve_fault(const struct pride_event *event)
{
    microkit_msginfo info = { { event->msg.info } };

    entry_store_words(event);
    return handle_fault((microkit_child)event->which, info);
}

/* Not inlined: the registers that it needs across notified() would cost each
 * call something. */
NOINLINE static void dispatch_between_calls(seL4_Word bits)
{
    dispatch_notifications(bits);
}

/* Serves calls and faults as long as one follows the other.  A loop of its own,
 * so that event and reply stay in registers. */
ALWAYS_INLINE void serve_all(struct pride_event *event)
{
    for (;;) {
        struct answer answer;

        if (__builtin_expect(event->kind == ABI_EVENT_CALL, 1)) {
            answer.info = serve(event);
        } else if (event->kind == ABI_EVENT_FAULT) {
            answer = serve_fault(event);
            if (!answer.owed) {
                return;
            }
        } else {
            if (event->kind == ABI_EVENT_NOTIFICATION) {
                dispatch_between_calls(event->which);
            }
            return;
        }
        entry_reply_wait(answer.info, event);
    }
}

void loop_run(void)
{
    struct pride_event event;

    for (;;) {
        entry_wait(&event);
        if (event.kind == ABI_EVENT_NOTIFICATION) {
            dispatch_notifications(event.which);
        } else {
            serve_all(&event);
        }
    }
}
