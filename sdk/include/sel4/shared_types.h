/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shared_types.h - the message info word and the message buffer.
 *
 * Shape     a one-word structure, so that it cannot be mixed with a number,
 *           and the buffer at the start of each PD's message page.
 * Units     length is in 64-bit words.
 * Owner     the buffer is the PD's own; the kernel reads and writes it during
 *           calls that carry a message.
 * Trust     words received come from a peer: check before use.
 * Errors    a value too large for its field is cut to the field.
 * Source    libsel4's public interface; abi/syscall.h for the bits.
 */
#pragma once

#include <sel4/constants.h>
#include <sel4/simple_types.h>

typedef struct seL4_MessageInfo {
    seL4_Word words[1];
} seL4_MessageInfo_t;

/** Composes an info word.  The two capability fields exist for source
 *  compatibility and are ignored: messages carry no capabilities here. */
static inline seL4_MessageInfo_t seL4_MessageInfo_new(seL4_Word label,
    seL4_Word capsUnwrapped, seL4_Word extraCaps, seL4_Word length)
{
    seL4_MessageInfo_t info;

    (void)capsUnwrapped;
    (void)extraCaps;
    info.words[0] =
        (label << ABI_INFO_LABEL_SHIFT) | (length & ABI_INFO_LENGTH_MASK);
    return info;
}

static inline seL4_Word seL4_MessageInfo_get_label(seL4_MessageInfo_t info)
{
    return info.words[0] >> ABI_INFO_LABEL_SHIFT;
}

static inline seL4_Word seL4_MessageInfo_get_length(seL4_MessageInfo_t info)
{
    return info.words[0] & ABI_INFO_LENGTH_MASK;
}

static inline seL4_Word seL4_MessageInfo_get_extraCaps(seL4_MessageInfo_t info)
{
    (void)info;
    return 0;
}

static inline seL4_Word seL4_MessageInfo_get_capsUnwrapped(
    seL4_MessageInfo_t info)
{
    (void)info;
    return 0;
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_label(
    seL4_MessageInfo_t info, seL4_Word label)
{
    info.words[0] = (info.words[0] & ABI_INFO_LENGTH_MASK) |
                    (label << ABI_INFO_LABEL_SHIFT);
    return info;
}

static inline seL4_MessageInfo_t seL4_MessageInfo_set_length(
    seL4_MessageInfo_t info, seL4_Word length)
{
    info.words[0] = (info.words[0] & ~(seL4_Word)ABI_INFO_LENGTH_MASK) |
                    (length & ABI_INFO_LENGTH_MASK);
    return info;
}

/* The first words of the message page. */
typedef struct seL4_IPCBuffer_ {
    seL4_MessageInfo_t tag;
    seL4_Word msg[seL4_MsgMaxLength];
    seL4_Word userData;
    seL4_Word caps_or_badges[seL4_MsgMaxExtraCaps];
    seL4_CPtr receiveCNode;
    seL4_CPtr receiveIndex;
    seL4_Word receiveDepth;
} seL4_IPCBuffer;
