/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame_copy.c - see frame_copy.h.
 *
 * A datagram that lwIP cuts into fragments leaves with UDP checksum zero, which
 * says that there is none (RFC 768): by then the parts are no longer together.
 */
#include "lions/net/frame_copy.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "lions/net/checksum.h"
#include "lions/net/copy_blocks.h"
#include "lions/net/frame.h"

#define TCP          6u
#define UDP          17u
#define TCP_CHECKSUM 16u
#define UDP_CHECKSUM 6u

/* Where the checksum is in the header of a protocol; 0: it has none. */
static inline uint32_t checksum_offset(uint8_t protocol)
{
    return protocol == UDP ? UDP_CHECKSUM : protocol == TCP ? TCP_CHECKSUM : 0;
}

/* Where a frame's UDP or TCP header begins, if it lacks its checksum and the
 * frame has it up to there in one piece; else 0. */
static inline uint32_t segment_start(const struct pbuf *p)
{
    const uint8_t *frame = p->payload;

    if (p->len < FRAME_IP4_PAYLOAD || !frame_has_type(frame, FRAME_TYPE_IP4) ||
        frame[FRAME_IP4] >> 4 != 4 || frame_is_part(frame) ||
        load_be16(frame + FRAME_IP4_LENGTH) != p->tot_len - FRAME_IP4) {
        return 0;
    }
    uint32_t start = FRAME_IP4 + (frame[FRAME_IP4] & 15u) * 4u;
    uint32_t offset = checksum_offset(frame[FRAME_IP4_PROTOCOL]);
    if (start < FRAME_IP4_PAYLOAD || offset == 0 ||
        start + offset + sizeof(uint16_t) > p->len ||
        load_le16(frame + start + offset) != 0) {
        return 0;
    }
    return start;
}

/* The pseudo header, in the byte order of the data: both addresses, protocol
 * and length of the segment. */
static inline uint64_t sum_pseudo(const uint8_t *frame, uint32_t len)
{
    return (uint64_t)load_le32(frame + FRAME_IP4_ADDRESSES) +
           load_le32(frame + FRAME_IP4_ADDRESSES + 4) +
           ((uint32_t)frame[FRAME_IP4_PROTOCOL] << 8) +
           __builtin_bswap16((uint16_t)len);
}

/* Copies what lies before the segment. */
static inline void copy_headers(uint8_t *to, const uint8_t *from, uint32_t len)
{
    if (__builtin_expect(len == FRAME_IP4_PAYLOAD, true)) {
        __builtin_memcpy(to, from, FRAME_IP4_PAYLOAD); /* a few moves */
    } else {
        memcpy(to, from, len);
    }
}

static inline void copy_piece(uint8_t *to, const uint8_t *from, uint32_t len)
{
    uint32_t blocks = len / COPY_BLOCK;
    uint32_t copied = blocks * COPY_BLOCK;

    copy_blocks(to, from, blocks);
    memcpy(to + copied, from + copied, len - copied);
}

/* Copies a frame without a checksum to make. */
static uint32_t copy_plain(uint8_t *to, const struct pbuf *p)
{
    uint32_t at = 0;

    for (;; p = p->next) {
        copy_piece(to + at, p->payload, p->len);
        at += p->len;
        if (p->len == p->tot_len) {
            return at; /* what follows is another frame */
        }
    }
}

uint32_t frame_copy(uint8_t *to, const struct pbuf *p)
{
    const uint8_t *from = p->payload;
    uint32_t start = segment_start(p);

    if (start == 0) {
        return copy_plain(to, p);
    }
    uint32_t field = start + checksum_offset(from[FRAME_IP4_PROTOCOL]);
    uint64_t sum = sum_pseudo(from, p->tot_len - start);
    copy_headers(to, from, start);
    uint16_t len = p->len;
    sum = checksum_add_copy(
        sum, to + start, from + start, (uint16_t)(len - start));
    uint32_t at = len;
    while (len != p->tot_len) {
        p = p->next;
        len = p->len;
        uint64_t part = checksum_add_copy(0, to + at, p->payload, len);
        bool odd = ((at - start) & 1) != 0;
        sum = checksum_plus(sum, odd ? checksum_shift(part) : part);
        at += len;
    }

    uint16_t folded = (uint16_t)~checksum_fold(sum);
    if (folded == 0) {
        folded = 0xffff; /* the same number, but not "none" */
    }
    __builtin_memcpy(to + field, &folded, sizeof(folded));
    return at;
}

uint32_t frame_copy_partial(
    uint8_t *to, const struct pbuf *p, struct frame_partial *partial)
{
    const uint8_t *from = p->payload;
    uint32_t start = segment_start(p);
    uint32_t len = copy_plain(to, p);

    *partial = (struct frame_partial){ .start = (uint16_t)start };
    if (start != 0) {
        uint16_t sum = checksum_fold(sum_pseudo(from, len - start));

        partial->offset = (uint16_t)checksum_offset(from[FRAME_IP4_PROTOCOL]);
        __builtin_memcpy(to + start + partial->offset, &sum, sizeof(sum));
    }
    return len;
}
