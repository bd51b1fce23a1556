/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.h - where the fields are that the glue looks at.
 *
 * Shape     offsets from the start of an Ethernet frame without VLAN tag, and
 *           values; load_be16() reads the fields of two bytes.  Questions that
 *           are asked of every frame compare a field without swapping it.
 * Units     bytes.
 * Trust     the caller has compared the offset with the frame's length.
 * Source    RFC 894; RFC 791, 3.1; RFC 826.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define FRAME_TYPE     12u
#define FRAME_TYPE_IP4 0x0800u
#define FRAME_TYPE_ARP 0x0806u

#define FRAME_IP4           14u
#define FRAME_IP4_LENGTH    (FRAME_IP4 + 2u)
#define FRAME_IP4_FRAGMENT  (FRAME_IP4 + 6u)
#define FRAME_IP4_PROTOCOL  (FRAME_IP4 + 9u)
#define FRAME_IP4_ADDRESSES (FRAME_IP4 + 12u)
#define FRAME_IP4_PAYLOAD   (FRAME_IP4 + 20u) /* without options */
#define IP4_FRAGMENT        0x3fffu           /* more fragments, offset */

#define FRAME_ARP           14u
#define FRAME_ARP_OPERATION (FRAME_ARP + 6u)
#define FRAME_ARP_SENDER    (FRAME_ARP + 14u) /* IPv4 address */
#define FRAME_ARP_TARGET    (FRAME_ARP + 24u)
#define FRAME_ARP_END       (FRAME_ARP + 28u)

/** Is this the Ethernet type of a frame with IPv4, ARP, ...? */
static inline bool frame_has_type(const uint8_t *frame, uint16_t type)
{
    return load_le16(frame + FRAME_TYPE) == __builtin_bswap16(type);
}

/** Does an IPv4 header say that this is not the whole datagram? */
static inline bool frame_is_part(const uint8_t *frame)
{
    return (load_le16(frame + FRAME_IP4_FRAGMENT) &
               __builtin_bswap16(IP4_FRAGMENT)) != 0;
}
