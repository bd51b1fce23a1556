/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * call.h - the kernel calls of AArch64, one instruction each.
 *
 * Shape     inline functions; arguments and results are registers, exactly as
 *           abi/call.h lists them.
 * Units     message words are 64-bit; words 4 and up are in the message page.
 * Owner     the calling PD.
 * Trust     the kernel checks every argument; what it returns can be trusted,
 *           the message words come from a peer.
 * Errors    numbers of abi/err.h where a call can fail.  That list is not
 *           included here: programs have ERR_ names of their own (lwIP).
 * Source    abi/call.h, kernel/kernel.md.
 *
 * Programs use microkit.h.  This file is for the library, and for tests that
 * want to say something the library would not.  The "memory" clobber is there
 * because the kernel reads and writes the message page, and because memory
 * shared with a peer may change while the caller is away.
 */
#pragma once

#include <stdint.h>

#include "abi/call.h"

/* The message words that travel in registers, and the info word. */
struct pride_msg {
    uint64_t info;
    uint64_t mr[ABI_MSG_REGS];
};

/* What a wait returned. */
struct pride_event {
    uint64_t kind;  /* ABI_EVENT_* */
    uint64_t which; /* bits, a channel id or a child id */
    struct pride_msg msg;
};

/** Waits for the next event. */
static inline void pride_call_wait(struct pride_event *event)
{
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1");
    register uint64_t x2 __asm__("x2");
    register uint64_t x3 __asm__("x3");
    register uint64_t x4 __asm__("x4");
    register uint64_t x5 __asm__("x5");
    register uint64_t x6 __asm__("x6");

    __asm__ volatile(
        "svc %[call]"
        : "=r"(x0), "=r"(x1), "=r"(x2), "=r"(x3), "=r"(x4), "=r"(x5), "=r"(x6)
        : [call] "i"(ABI_CALL_WAIT)
        : "memory");
    *event = (struct pride_event){ x0, x1, { x2, { x3, x4, x5, x6 } } };
}

/** Answers the caller, or resumes the faulted child, of the last event, and
 *  waits for the next one. */
static inline void pride_call_reply_wait(
    const struct pride_msg *reply, struct pride_event *event)
{
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1");
    register uint64_t x2 __asm__("x2") = reply->info;
    register uint64_t x3 __asm__("x3") = reply->mr[0];
    register uint64_t x4 __asm__("x4") = reply->mr[1];
    register uint64_t x5 __asm__("x5") = reply->mr[2];
    register uint64_t x6 __asm__("x6") = reply->mr[3];

    __asm__ volatile(
        "svc %[call]"
        : "=r"(x0), "=r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6)
        : [call] "i"(ABI_CALL_REPLY_WAIT)
        : "memory");
    *event = (struct pride_event){ x0, x1, { x2, { x3, x4, x5, x6 } } };
}

/** Calls the PD at the other end of `channel`; `msg` becomes the reply. */
static inline uint32_t pride_call_call(uint64_t channel, struct pride_msg *msg)
{
    register uint64_t x0 __asm__("x0") = channel;
    register uint64_t x2 __asm__("x2") = msg->info;
    register uint64_t x3 __asm__("x3") = msg->mr[0];
    register uint64_t x4 __asm__("x4") = msg->mr[1];
    register uint64_t x5 __asm__("x5") = msg->mr[2];
    register uint64_t x6 __asm__("x6") = msg->mr[3];

    __asm__ volatile(
        "svc %[call]"
        : "+r"(x0), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6)
        : [call] "i"(ABI_CALL_CALL)
        : "memory", "x1");
    *msg = (struct pride_msg){ x2, { x3, x4, x5, x6 } };
    return (uint32_t)x0;
}

/** Notifies the PD at the other end of `channel`. */
static inline uint32_t pride_call_notify(uint64_t channel)
{
    register uint64_t x0 __asm__("x0") = channel;

    __asm__ volatile("svc %[call]"
                     : "+r"(x0)
                     : [call] "i"(ABI_CALL_NOTIFY)
                     : "memory");
    return (uint32_t)x0;
}

/** Lets the interrupt of `channel` be delivered again. */
static inline uint32_t pride_call_irq_ack(uint64_t channel)
{
    register uint64_t x0 __asm__("x0") = channel;

    __asm__ volatile("svc %[call]"
                     : "+r"(x0)
                     : [call] "i"(ABI_CALL_IRQ_ACK)
                     : "memory");
    return (uint32_t)x0;
}

/** Operation ABI_PD_* on `child`.  The two arguments are arg[0] and arg[1];
 *  up to four results replace arg[0..3]. */
static inline uint32_t pride_call_pd_control(
    uint64_t child, uint64_t operation, uint64_t arg[4])
{
    register uint64_t x0 __asm__("x0") = child;
    register uint64_t x1 __asm__("x1") = operation;
    register uint64_t x2 __asm__("x2") = arg[0];
    register uint64_t x3 __asm__("x3") = arg[1];
    register uint64_t x4 __asm__("x4") = 0;

    __asm__ volatile("svc %[call]"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4)
                     : [call] "i"(ABI_CALL_PD_CONTROL)
                     : "memory");
    arg[0] = x1;
    arg[1] = x2;
    arg[2] = x3;
    arg[3] = x4;
    return (uint32_t)x0;
}

/** Secure monitor call: words 0..7 of the message page, in and out. */
static inline uint32_t pride_call_smc(void)
{
    register uint64_t x0 __asm__("x0");

    __asm__ volatile("svc %[call]"
                     : "=r"(x0)
                     : [call] "i"(ABI_CALL_SMC)
                     : "memory");
    return (uint32_t)x0;
}

/** Prints a character on the debug console.  Debug configuration only. */
static inline uint32_t pride_call_debug_putc(uint64_t character)
{
    register uint64_t x0 __asm__("x0") = character;

    __asm__ volatile("svc %[call]"
                     : "+r"(x0)
                     : [call] "i"(ABI_CALL_DEBUG_PUTC)
                     : "memory");
    return (uint32_t)x0;
}
