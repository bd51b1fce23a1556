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
#include "lions/net/frame.h"

#define TCP          6u
#define UDP          17u
#define TCP_CHECKSUM 16u
#define UDP_CHECKSUM 6u
#define TCP_MIN      20u
#define UDP_MIN      8u

/* What a frame carries that needs a checksum. */
struct segment {
    uint32_t start; /* of the UDP or TCP header in the frame; 0: none */
    uint32_t field; /* of its checksum */
    uint8_t protocol;
};

static struct segment find_segment(const struct pbuf *p)
{
    const uint8_t *frame = p->payload;
    struct segment none = { 0, 0, 0 };

    if (p->len < FRAME_IP4_PAYLOAD ||
        load_be16(frame + FRAME_TYPE) != FRAME_TYPE_IP4 ||
        frame[FRAME_IP4] >> 4 != 4 ||
        (load_be16(frame + FRAME_IP4_FRAGMENT) & IP4_FRAGMENT) != 0 ||
        load_be16(frame + FRAME_IP4_LENGTH) != p->tot_len - FRAME_IP4) {
        return none;
    }

    struct segment found = {
        .start = FRAME_IP4 + (frame[FRAME_IP4] & 15u) * 4u,
        .protocol = frame[FRAME_IP4_PROTOCOL],
    };
    bool tcp = found.protocol == TCP;
    uint32_t header = tcp ? TCP_MIN : UDP_MIN;
    if ((!tcp && found.protocol != UDP) || found.start < FRAME_IP4_PAYLOAD ||
        found.start + header > p->len) {
        return none;
    }
    found.field = found.start + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM);
    return load_be16(frame + found.field) == 0 ? found : none;
}

/* The pseudo header, in the byte order of the data: both addresses, protocol
 * and length. */
static uint64_t sum_pseudo(
    const uint8_t *frame, const struct segment *segment, uint32_t len)
{
    return (uint64_t)load_le32(frame + FRAME_IP4_ADDRESSES) +
           load_le32(frame + FRAME_IP4_ADDRESSES + 4) +
           ((uint32_t)segment->protocol << 8) +
           __builtin_bswap16((uint16_t)len);
}

/* Copies one pbuf's data to `at` in the frame.  Returns the sum of what lies in
 * the segment, as the words of the segment have their bytes. */
static uint16_t copy_part(uint8_t *to, const struct pbuf *p, uint32_t at,
    const struct segment *segment)
{
    const uint8_t *from = p->payload;
    uint32_t plain = p->len;

    if (segment->start != 0) {
        plain = at >= segment->start ? 0 : segment->start - at;
        plain = plain < p->len ? plain : p->len;
    }
    memcpy(to + at, from, plain);
    if (plain == p->len) {
        return 0;
    }

    uint16_t sum = checksum_copy(to + at + plain, from + plain, p->len - plain);
    bool odd = ((at + plain - segment->start) & 1) != 0;
    return odd ? __builtin_bswap16(sum) : sum;
}

uint32_t frame_copy(uint8_t *to, const struct pbuf *p)
{
    struct segment segment = find_segment(p);
    uint32_t at = 0;
    uint64_t sum = 0;

    for (;; p = p->next) {
        sum += copy_part(to, p, at, &segment);
        at += p->len;
        if (p->len == p->tot_len) {
            break; /* what follows is another frame */
        }
    }
    if (segment.start == 0) {
        return at;
    }

    sum += sum_pseudo(to, &segment, at - segment.start);
    uint16_t field = (uint16_t)~checksum_fold(sum);
    if (field == 0) {
        field = 0xffff; /* the same number, but not "none" */
    }
    memcpy(to + segment.field, &field, sizeof(field));
    return at;
}
