/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.h - the system calls of AArch64, one instruction each.
 *
 * Shape     inline functions; arguments and results are registers, exactly as
 *           abi/syscall.h lists them: register n is Xn for 0 and 1, X(n + 7) for
 *           2 to 6.
 * Units     message words are 64-bit; words 4 and up are in the message page.
 * Owner     the calling PD.
 * Trust     the kernel checks every argument; what it returns can be trusted,
 *           the message words come from a peer.
 * Errors    numbers of abi/err.h where a call can fail.  That list is not
 *           included here: programs have ERR_ names of their own (lwIP).
 * Source    abi/syscall.h, kernel/kernel.md.
 *
 * Programs use microkit.h.  This file is for the library, and for tests that
 * want to say something the library would not.  The "memory" clobber is there
 * because the kernel reads and writes the message page, and because memory
 * shared with a peer may change while the caller is away.
 */
#pragma once

#include <stdint.h>

#include "abi/syscall.h"

/*
 * What a call may change besides the registers it returns values in.  A wait is
 * where a PD begins anew: there, nothing but stack and frame pointer, return
 * address and thread register is kept.  A function that waits must not have
 * variable-length or over-aligned locals: compilers keep a base pointer for those
 * in X19.
 */
#define PRIDE_SYS_CHANGES                                                      \
    "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x14", "x15", "x16", "x17",      \
        "cc", "memory"
#define PRIDE_WAIT_CHANGES                                                     \
    PRIDE_SYS_CHANGES, "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", \
        "x26", "x27"
#define PRIDE_PLAIN_SYS_CHANGES                                                \
    PRIDE_SYS_CHANGES, "x9", "x10", "x11", "x12", "x13"

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
static inline void pride_sys_wait(struct pride_event *event)
{
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1");
    register uint64_t x9 __asm__("x9");
    register uint64_t x10 __asm__("x10");
    register uint64_t x11 __asm__("x11");
    register uint64_t x12 __asm__("x12");
    register uint64_t x13 __asm__("x13");

    __asm__ volatile("svc %[call]"
                     : "=r"(x0), "=r"(x1), "=r"(x9), "=r"(x10), "=r"(x11),
                     "=r"(x12), "=r"(x13)
                     : [call] "i"(ABI_SYS_WAIT)
                     : PRIDE_WAIT_CHANGES);
    *event = (struct pride_event){ x0, x1, { x9, { x10, x11, x12, x13 } } };
}

/** Answers the caller, or resumes the faulted child, of the last event, and
 *  waits for the next one. */
static inline void pride_sys_reply_wait(
    const struct pride_msg *reply, struct pride_event *event)
{
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1");
    register uint64_t x9 __asm__("x9") = reply->info;
    register uint64_t x10 __asm__("x10") = reply->mr[0];
    register uint64_t x11 __asm__("x11") = reply->mr[1];
    register uint64_t x12 __asm__("x12") = reply->mr[2];
    register uint64_t x13 __asm__("x13") = reply->mr[3];

    __asm__ volatile("svc %[call]"
                     : "=r"(x0), "=r"(x1), "+r"(x9), "+r"(x10), "+r"(x11),
                     "+r"(x12), "+r"(x13)
                     : [call] "i"(ABI_SYS_REPLY_WAIT)
                     : PRIDE_WAIT_CHANGES);
    *event = (struct pride_event){ x0, x1, { x9, { x10, x11, x12, x13 } } };
}

/** Calls the PD at the other end of `channel`; `msg` becomes the reply. */
static inline uint32_t pride_sys_ppcall(uint64_t channel, struct pride_msg *msg)
{
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1") = channel;
    register uint64_t x9 __asm__("x9") = msg->info;
    register uint64_t x10 __asm__("x10") = msg->mr[0];
    register uint64_t x11 __asm__("x11") = msg->mr[1];
    register uint64_t x12 __asm__("x12") = msg->mr[2];
    register uint64_t x13 __asm__("x13") = msg->mr[3];

    __asm__ volatile("svc %[call]"
                     : "=r"(x0), "+r"(x1), "+r"(x9), "+r"(x10), "+r"(x11),
                     "+r"(x12), "+r"(x13)
                     : [call] "i"(ABI_SYS_PPCALL)
                     : PRIDE_SYS_CHANGES);
    *msg = (struct pride_msg){ x9, { x10, x11, x12, x13 } };
    return (uint32_t)x0;
}

/** Notifies the PD at the other end of `channel`. */
static inline uint32_t pride_sys_notify(uint64_t channel)
{
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1") = channel;

    __asm__ volatile("svc %[call]"
                     : "=r"(x0), "+r"(x1)
                     : [call] "i"(ABI_SYS_NOTIFY)
                     : PRIDE_PLAIN_SYS_CHANGES);
    return (uint32_t)x0;
}

/** Lets the interrupt of `channel` be delivered again. */
static inline uint32_t pride_sys_irq_ack(uint64_t channel)
{
    register uint64_t x0 __asm__("x0");
    register uint64_t x1 __asm__("x1") = channel;

    __asm__ volatile("svc %[call]"
                     : "=r"(x0), "+r"(x1)
                     : [call] "i"(ABI_SYS_IRQ_ACK)
                     : PRIDE_PLAIN_SYS_CHANGES);
    return (uint32_t)x0;
}

/** Operation ABI_PD_* on `child`.  The two arguments are arg[0] and arg[1];
 *  up to four results replace arg[0..3]. */
static inline uint32_t pride_sys_pd_control(
    uint64_t child, uint64_t operation, uint64_t arg[4])
{
    register uint64_t x0 __asm__("x0") = child;
    register uint64_t x1 __asm__("x1") = operation;
    register uint64_t x9 __asm__("x9") = arg[0];
    register uint64_t x10 __asm__("x10") = arg[1];
    register uint64_t x11 __asm__("x11");

    __asm__ volatile("svc %[call]"
                     : "+r"(x0), "+r"(x1), "+r"(x9), "+r"(x10), "=r"(x11)
                     : [call] "i"(ABI_SYS_PD_CONTROL)
                     : PRIDE_SYS_CHANGES, "x12", "x13");
    arg[0] = x1;
    arg[1] = x9;
    arg[2] = x10;
    arg[3] = x11;
    return (uint32_t)x0;
}

/** Secure monitor call: words 0..7 of the message page, in and out. */
static inline uint32_t pride_sys_smc(void)
{
    register uint64_t x0 __asm__("x0");

    __asm__ volatile("svc %[call]"
                     : "=r"(x0)
                     : [call] "i"(ABI_SYS_SMC)
                     : "x1", PRIDE_PLAIN_SYS_CHANGES);
    return (uint32_t)x0;
}

/** Prints a character on the debug console.  Debug configuration only. */
static inline uint32_t pride_sys_debug_putc(uint64_t character)
{
    register uint64_t x0 __asm__("x0") = character;

    __asm__ volatile("svc %[call]"
                     : "+r"(x0)
                     : [call] "i"(ABI_SYS_DEBUG_PUTC)
                     : "x1", PRIDE_PLAIN_SYS_CHANGES);
    return (uint32_t)x0;
}
