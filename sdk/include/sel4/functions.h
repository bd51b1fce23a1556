/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * functions.h - access to the message words.
 *
 * Shape     inline accessors of the calling PD's message buffer.
 * Units     indices count 64-bit words, 0..119.
 * Owner     the calling PD.
 * Trust     the index may be anything: outside the buffer it reads as 0 and
 *           writes nothing.
 * Errors    none.
 * Source    libsel4's public interface.
 */
#pragma once

#include <pride/layout.h>
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

/** Writes message word `i`. */
static inline void seL4_SetMR(int i, seL4_Word mr)
{
    if ((unsigned int)i < ABI_MSG_WORDS) {
        seL4_GetIPCBuffer()->msg[i] = mr;
    }
}
