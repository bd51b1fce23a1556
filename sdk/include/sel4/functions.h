/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * functions.h - access to the message words.
 *
 * Shape     inline accessors of the calling PD's message buffer.
 * Units     indices count 64-bit words, 0..119.
 * Owner     the calling PD.
 * Trust     the index may be anything: outside the buffer it reads as 0 and
 *           writes nothing.
 * Source    libsel4's public interface.
 */
#pragma once

#include <pride/layout.h>
#include <pride/syscall.h>
#include <sel4/shared_types.h>

/* The same as seL4_GetIPCBuffer(), for sources that name it. */
extern seL4_IPCBuffer *__sel4_ipc_buffer;

/** The calling PD's message buffer: at a constant address, which the compiler
 *  need not look up. */
static inline seL4_IPCBuffer *seL4_GetIPCBuffer(void)
{
    return (seL4_IPCBuffer *)PRIDE_MESSAGE_PAGE;
}

/** Reads message word `i`. */
static inline seL4_Word seL4_GetMR(int i)
{
    if ((unsigned int)i >= ABI_MSG_WORDS) {
        return 0;
    }
    return seL4_GetIPCBuffer()->msg[i];
}

/** The calling PD's message with `info`, as it travels in registers: a word
 *  beyond the length is 0, not what is left of a message from somebody else. */
static inline struct pride_msg pride_message(seL4_Word info)
{
    const seL4_Word *words = seL4_GetIPCBuffer()->msg;
    seL4_Word length = info & ABI_INFO_LENGTH_MASK;

    if (length >= ABI_MSG_REGS) {
        return (struct pride_msg){ info,
            { words[0], words[1], words[2], words[3] } };
    }
    if (length == 0) {
        return (struct pride_msg){ info, { 0, 0, 0, 0 } };
    }
    return (struct pride_msg){ info,
        { words[0], length > 1 ? words[1] : 0, length > 2 ? words[2] : 0, 0 } };
}

/** Writes message word `i`. */
static inline void seL4_SetMR(int i, seL4_Word mr)
{
    if ((unsigned int)i < ABI_MSG_WORDS) {
        seL4_GetIPCBuffer()->msg[i] = mr;
    }
}
