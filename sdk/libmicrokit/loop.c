/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loop.c - see loop.h.
 */
#include "sdk/libmicrokit/loop.h"

#include "sdk/libmicrokit/entry.h"

char microkit_name[MICROKIT_PD_NAME_LENGTH];
extern bool microkit_passive;
bool microkit_passive;
seL4_Word microkit_irqs;
seL4_Word microkit_notifications;
seL4_Word microkit_pps;
seL4_Word pride_notify_now;
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

/* Kept out of the loop: only a parent's handler needs memory for the reply. */
NOINLINE static struct loop handle_fault(
    microkit_child child, microkit_msginfo info)
{
    microkit_msginfo reply = seL4_MessageInfo_new(0, 0, 0, 0);
    bool owes = fault(child, info, &reply) != 0;

    return (struct loop){ owes, reply };
}

/* Inline in loop_run(), so that what it leaves to itself stays in registers. */
static inline __attribute__((always_inline)) void step(struct loop *loop)
{
    struct pride_event event;
    microkit_msginfo info;

    if (loop->owes) {
        entry_reply_wait(loop->reply, &event);
    } else {
        entry_wait(&event);
    }
    loop->owes = false;
    info.words[0] = event.msg.info;

    switch (event.kind) {
    case ABI_EVENT_NOTIFICATION:
        dispatch_notifications(event.which);
        break;
    case ABI_EVENT_CALL:
        loop->reply = protected((microkit_channel)event.which, info);
        loop->owes = true;
        break;
    case ABI_EVENT_FAULT:
        *loop = handle_fault((microkit_child)event.which, info);
        break;
    default:
        break;
    }
}

void loop_step(struct loop *loop)
{
    step(loop);
}

void loop_run(void)
{
    struct loop loop = { false, { { 0 } } };

    for (;;) {
        step(&loop);
    }
}
