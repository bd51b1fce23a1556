/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscalls.h - the libsel4 calls that system code makes directly.
 *
 * Shape     functions over pride/syscall.h.  A "capability" here is a constant of
 *           microkit.h that names a channel or a child: BASE_..._CAP plus id.
 * Units     64-bit words.
 * Owner     the calling PD.
 * Trust     a number that names nothing is refused.
 * Errors    seL4_Error, or a reply that pride_call_aborted() recognises.
 * Source    libsel4's public interface; docs/manual.md lists what there is.
 */
#pragma once

#include <pride/syscall.h>
#include <sel4/arch/types.h>
#include <sel4/errors.h>
#include <sel4/functions.h>

/** Prints a character; nothing in configurations without CONFIG_PRINTING. */
static inline void seL4_DebugPutChar(char c)
{
#if defined(CONFIG_PRINTING)
    (void)pride_sys_debug_putc((unsigned char)c);
#else
    (void)c;
#endif
}

/** Notifies through BASE_OUTPUT_NOTIFICATION_CAP + channel. */
void seL4_Signal(seL4_CPtr dest);

/** Calls on `channel` with the message words of the buffer; *info becomes the
 *  reply's, unless an error (abi/err.h) is returned.  Inline, because a word that
 *  travels in a register costs nothing then. */
static inline seL4_Uint32 pride_sel4_call(
    seL4_Word channel, seL4_MessageInfo_t *info)
{
    seL4_Word *words = seL4_GetIPCBuffer()->msg;
    struct pride_msg msg = pride_message(info->words[0]);
    seL4_Uint32 err = pride_sys_ppcall(channel, &msg);

    if (err == 0) {
        info->words[0] = msg.info;
        if (seL4_MessageInfo_get_length(*info) != 0) {
            words[0] = msg.mr[0];
            words[1] = msg.mr[1];
            words[2] = msg.mr[2];
            words[3] = msg.mr[3];
        }
    }
    return err;
}

/** Calls through BASE_ENDPOINT_CAP + channel.  Returns the reply's info; a
 *  call that could not be made or answered has label ABI_LABEL_ABORTED. */
seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t msgInfo);

/** Acknowledges the interrupt of BASE_IRQ_CAP + channel. */
seL4_Error seL4_IRQHandler_Ack(seL4_IRQHandler service);

/** Stops the child of BASE_TCB_CAP + id. */
seL4_Error seL4_TCB_Suspend(seL4_TCB service);

/** Lets a stopped child go on where it was. */
seL4_Error seL4_TCB_Resume(seL4_TCB service);

/** Reads the first `count` registers of a child, stopping it first if
 *  `suspend_source`.  Message words keep their values. */
seL4_Error seL4_TCB_ReadRegisters(seL4_TCB service, seL4_Bool suspend_source,
    seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs);

/** Writes the first `count` registers of a child and, if `resume_target`, lets
 *  it run.  Message words keep their values. */
seL4_Error seL4_TCB_WriteRegisters(seL4_TCB service, seL4_Bool resume_target,
    seL4_Uint8 arch_flags, seL4_Word count, const seL4_UserContext *regs);

/** Makes a secure monitor call; the PD needs smc="true".  `smc_args` and
 *  `smc_response` may be the same.  Uses message words 0..7. */
seL4_Error seL4_ARM_SMC_Call(seL4_CPtr service,
    const seL4_ARM_SMCContext *smc_args, seL4_ARM_SMCContext *smc_response);
