/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * microkit.h - what a protection domain (PD) can do.
 *
 * Shape     four entry points that the program provides, and the functions it
 *           may call from them.  Names and meaning are those of the seL4
 *           Microkit, so a program written for it compiles here unchanged.
 * Units     channel and child ids are those of the system description.
 * Owner     the calling PD; the library keeps the globals declared here.
 * Trust     ids are checked, by the kernel where it is called anyway; a wrong
 *           one prints a line and does nothing.
 *           Message words come from a peer: check before use.
 * Errors    operations on children crash the caller when refused, as upstream
 *           do; pride.h has forms that return an error instead.
 * Source    docs/manual.md, "Library".
 *
 * Not here yet: virtual machines (microkit_vcpu_*), x86.
 */
#pragma once

#include <sel4/sel4.h>

#include "abi/control.h"
#include "abi/limits.h"

typedef unsigned int microkit_channel;
typedef unsigned int microkit_child;
typedef unsigned int microkit_ioport;
typedef seL4_MessageInfo_t microkit_msginfo;

/*
 * Constants that sources use as capability slots.  Nothing has capability
 * slots here: BASE_x_CAP + id is a way to write "id, used as x", understood by
 * the functions of sel4/syscalls.h.
 */
#define MONITOR_EP                   5
#define TCB_CAP                      6
#define ARM_SMC_CAP                  7
#define BASE_OUTPUT_NOTIFICATION_CAP 10
#define BASE_ENDPOINT_CAP            74
#define BASE_IRQ_CAP                 138
#define BASE_TCB_CAP                 202
#define BASE_VM_TCB_CAP              266
#define BASE_VCPU_CAP                330
#define BASE_IOPORT_CAP              394
#define BASE_USER_CAPS               458
#define PD_ROOT_CAP_BITS             6
#define PD_ROOT_CAP_SIZE             (1ULL << PD_ROOT_CAP_BITS)

#define MICROKIT_MAX_USER_CAPS  128
#define MICROKIT_MAX_CHANNELS   ABI_MICROKIT_IDS
#define MICROKIT_MAX_CHANNEL_ID (MICROKIT_MAX_CHANNELS - 1)
#define MICROKIT_MAX_IOPORT_ID  MICROKIT_MAX_CHANNELS
#define MICROKIT_PD_NAME_LENGTH ABI_NAME_SIZE

/* --- What the program provides ------------------------------------------- */

/** Called once, before anything else.  Required. */
void init(void);
/** Called for each notification or interrupt that arrived, lowest id first.
 *  Required. */
void notified(microkit_channel ch);
/** Called for a protected procedure call; returns the reply.  Required in a PD that can
 *  be called. */
microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo);
/** Called when a child faulted; message words describe the fault.  Return
 *  seL4_True to let the child go on.  Required in a PD with children. */
seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo);

/* --- Globals -------------------------------------------------------------- */

/* Written by the tool. */
extern char microkit_name[MICROKIT_PD_NAME_LENGTH];
extern seL4_Word microkit_irqs;
extern seL4_Word microkit_notifications;
extern seL4_Word microkit_pps;
extern seL4_Word microkit_ioports;

/* The last deferred operation, while one is outstanding.  Any number may be:
 * they are in the control block. */
extern seL4_Bool microkit_have_signal;
extern seL4_CPtr microkit_signal_cap;
extern seL4_MessageInfo_t microkit_signal_msg;

/* --- The library's own ---------------------------------------------------- */

/* Channels whose peer has a lower priority: notifying it needs no system call. */
extern seL4_Word pride_notify_lazy;

/* The value of microkit_signal_cap that is in the control block already; 0: none
 * is, because a program wrote the globals itself. */
extern seL4_CPtr microkit_internal_deferred;

/** What this PD asks of the kernel without a call: see abi/control.h. */
static inline struct abi_control *microkit_internal_control(void)
{
    return (struct abi_control *)(PRIDE_MESSAGE_PAGE + ABI_CONTROL_OFFSET);
}

/** Prints "<pd> <function>: invalid channel given 'N'". */
void microkit_internal_invalid(const char *function, seL4_Uint32 ch);

/** What microkit_ppcall() returns after the kernel refused with `err`; names an
 *  invalid channel. */
microkit_msginfo microkit_internal_call_failed(
    seL4_Uint32 err, microkit_channel ch);

/** True if bit `id` is set in `mask`. */
static inline seL4_Bool microkit_internal_has(seL4_Word mask, unsigned int id)
{
    return id < ABI_IDS && ((mask >> id) & 1) != 0;
}

/** Stops this PD with a fault whose address is `err`. */
static inline void microkit_internal_crash(seL4_Error err)
{
    volatile char *where = (volatile char *)(seL4_Word)err;

    *where = 0;
}

/* --- Debug console: silent without CONFIG_PRINTING ------------------------ */

/** Prints a character. */
void microkit_dbg_putc(int c);
/** Prints a NUL-terminated string. */
void microkit_dbg_puts(const char *s);
/** Prints a number in decimal. */
void microkit_dbg_put8(seL4_Uint8 x);
/** Prints a number in decimal. */
void microkit_dbg_put32(seL4_Uint32 x);

/* --- Notifications and interrupts ----------------------------------------- */

/** Notifies the PD at the other end of `ch`, now.  A PD of lower priority on this
 *  core cannot run before the caller next enters the kernel, so for such a PD a
 *  bit is left for that entry, which costs no system call: a lazy notification. */
static inline void microkit_notify(microkit_channel ch)
{
    if (microkit_internal_has(pride_notify_lazy, ch)) {
        /* release: what was written before is there when the peer looks */
        atomic_fetch_or_explicit(&microkit_internal_control()->notify_lazy,
            (seL4_Word)1 << ch, memory_order_release);
        return;
    }
    if (pride_sys_notify(ch) != 0) {
        microkit_internal_invalid("microkit_notify", ch);
    }
}

/** Acknowledges the interrupt `ch`, now: it can be delivered again. */
static inline void microkit_irq_ack(microkit_channel ch)
{
    if (!microkit_internal_has(microkit_irqs, ch)) {
        microkit_internal_invalid("microkit_irq_ack", ch);
        return;
    }
    (void)pride_sys_irq_ack(ch);
}

/** Notifies the PD at the other end of `ch` when the entry point returns. */
static inline void microkit_deferred_notify(microkit_channel ch)
{
    if (!microkit_internal_has(microkit_notifications, ch)) {
        microkit_internal_invalid("microkit_deferred_notify", ch);
        return;
    }
    microkit_internal_control()->notify_at_wait |= (seL4_Word)1 << ch;
    microkit_signal_cap = BASE_OUTPUT_NOTIFICATION_CAP + ch;
    microkit_internal_deferred = microkit_signal_cap;
    microkit_signal_msg = seL4_MessageInfo_new(0, 0, 0, 0);
    microkit_have_signal = seL4_True;
}

/** Acknowledges the interrupt `ch` when the entry point returns. */
static inline void microkit_deferred_irq_ack(microkit_channel ch)
{
    if (!microkit_internal_has(microkit_irqs, ch)) {
        microkit_internal_invalid("microkit_deferred_irq_ack", ch);
        return;
    }
    microkit_internal_control()->ack_at_wait |= (seL4_Word)1 << ch;
    microkit_signal_cap = BASE_IRQ_CAP + ch;
    microkit_internal_deferred = microkit_signal_cap;
    microkit_signal_msg = seL4_MessageInfo_new(0, 0, 0, 0);
    microkit_have_signal = seL4_True;
}

/* --- Protected procedure calls ------------------------------------------------------- */

/** Composes a message's info: a label of 52 bits, up to 120 words. */
static inline microkit_msginfo microkit_msginfo_new(
    seL4_Word label, seL4_Uint16 count)
{
    return seL4_MessageInfo_new(label, 0, 0, count);
}

/** The label of a message. */
static inline seL4_Word microkit_msginfo_get_label(microkit_msginfo msginfo)
{
    return seL4_MessageInfo_get_label(msginfo);
}

/** The number of words of a message. */
static inline seL4_Word microkit_msginfo_get_count(microkit_msginfo msginfo)
{
    return seL4_MessageInfo_get_length(msginfo);
}

/** Sets message word `mr`, 0..119. */
static inline void microkit_mr_set(seL4_Uint8 mr, seL4_Word value)
{
    seL4_SetMR(mr, value);
}

/** Reads message word `mr`, 0..119. */
static inline seL4_Word microkit_mr_get(seL4_Uint8 mr)
{
    return seL4_GetMR(mr);
}

/** Calls the PD at the other end of `ch` with the message words set before,
 *  and returns its answer.  pride_call_aborted() tells whether it is one. */
static inline microkit_msginfo microkit_ppcall(
    microkit_channel ch, microkit_msginfo msginfo)
{
    seL4_Uint32 err = pride_sel4_call(ch, &msginfo);

    return err == 0 ? msginfo : microkit_internal_call_failed(err, ch);
}

/* --- Children --------------------------------------------------------------- */

/** Starts the child afresh at `entry_point`: registers and stack pointer are
 *  as at boot; memory is as the child left it unless reinit="true". */
void microkit_pd_restart(microkit_child pd, seL4_Word entry_point);

/** Stops the child. */
void microkit_pd_stop(microkit_child pd);

/** Lets a stopped child go on where it was. */
void microkit_pd_resume(microkit_child pd);

/* --- Others ----------------------------------------------------------------- */

#if defined(CONFIG_ALLOW_SMC_CALLS)
/** Makes a secure monitor call; the PD needs smc="true". */
static inline void microkit_arm_smc_call(
    seL4_ARM_SMCContext *args, seL4_ARM_SMCContext *response)
{
    seL4_Error err = seL4_ARM_SMC_Call(ARM_SMC_CAP, args, response);

    if (err != seL4_NoError) {
        microkit_dbg_puts("microkit_arm_smc_call: error making SMC call\n");
        microkit_internal_crash(err);
    }
}
#endif

/** The capability pointer of a <cspace> slot.  There are none here. */
static inline seL4_CPtr microkit_cspace_root_slot_to_cptr(seL4_Word slot)
{
    if (slot == 0 || slot >= PD_ROOT_CAP_SIZE) {
        return seL4_CapNull;
    }
    return slot << (seL4_WordBits - PD_ROOT_CAP_BITS);
}
