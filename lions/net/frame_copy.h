/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame_copy.h - takes an Ethernet frame out of lwIP's pbufs.
 *
 * Shape     one pass over the data: lwIP leaves the checksum of UDP and TCP to
 *           us (NETIF_CHECKSUM_GEN_UDP and _TCP are off), and it is computed
 *           while the data is copied.
 * Units     bytes.
 * Owner     the caller owns both sides.
 * Trust     the frame is our own lwIP's, or one that a program forwards: nothing
 *           in it is believed beyond its length.
 * Errors    none: a frame that is not plain UDP or TCP over IPv4 is copied as
 *           it is, a checksum that is there already is left alone.
 * Source    RFC 791, 3.1; RFC 768; RFC 9293, 3.1.
 */
#pragma once

#include <stdint.h>

#include "lwip/pbuf.h"

/** Copies the frame that `p` begins, p->tot_len bytes; returns the length. */
uint32_t frame_copy(uint8_t *to, const struct pbuf *p);

/* Where a checksum is to be filled in: bytes from the start of the frame to the
 * first byte that is summed (0: there is none), and from there to the field. */
struct frame_partial {
    uint16_t start;
    uint16_t offset;
};

/** The same, with a partial checksum: the field has the sum of the pseudo
 *  header, as VIRTIO 1.2, 5.1.6.2 wants it. */
uint32_t frame_copy_partial(
    uint8_t *to, const struct pbuf *p, struct frame_partial *partial);
