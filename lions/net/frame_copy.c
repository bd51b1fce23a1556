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

#define ETHER_TYPE   12u
#define ETHER_IP4    0x0800u
#define IP           14u /* behind the Ethernet header */
#define IP_LENGTH    (IP + 2u)
#define IP_FRAGMENT  (IP + 6u)
#define IP_PROTOCOL  (IP + 9u)
#define IP_ADDRESSES (IP + 12u)
#define IP_MIN       20u
#define FRAGMENT     0x3fffu /* more fragments, offset */
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

    if (p->len < IP + IP_MIN || load_be16(frame + ETHER_TYPE) != ETHER_IP4 ||
        frame[IP] >> 4 != 4 ||
        (load_be16(frame + IP_FRAGMENT) & FRAGMENT) != 0 ||
        load_be16(frame + IP_LENGTH) != p->tot_len - IP) {
        return none;
    }

    struct segment found = { .start = IP + (frame[IP] & 15u) * 4u,
        .protocol = frame[IP_PROTOCOL] };
    bool tcp = found.protocol == TCP;
    uint32_t header = tcp ? TCP_MIN : UDP_MIN;
    if ((!tcp && found.protocol != UDP) || found.start < IP + IP_MIN ||
        found.start + header > p->len) {
        return none;
    }
    found.field = found.start + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM);
    return load_be16(frame + found.field) == 0 ? found : none;
}

static uint32_t swap_bytes(uint32_t sum)
{
    return (sum & 0xff) << 8 | sum >> 8;
}

/* The pseudo header, in the byte order of the data: both addresses, protocol
 * and length. */
static uint64_t sum_pseudo(
    const uint8_t *frame, const struct segment *segment, uint32_t len)
{
    return (uint64_t)load_le32(frame + IP_ADDRESSES) +
           load_le32(frame + IP_ADDRESSES + 4) +
           ((uint32_t)segment->protocol << 8) + swap_bytes(len);
}

/* Ones' complement, 64 bits to 16. */
static uint16_t fold(uint64_t sum)
{
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)sum;
}

/* Adds one pbuf's data, which goes to `at` in the frame. */
static uint32_t copy_part(uint8_t *to, const struct pbuf *p, uint32_t at,
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

    uint32_t sum = checksum_copy(to + at + plain, from + plain, p->len - plain);
    bool odd = ((at + plain - segment->start) & 1) != 0;
    return odd ? swap_bytes(sum) : sum;
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
    uint16_t field = (uint16_t)~fold(sum);
    if (field == 0) {
        field = 0xffff; /* the same number, but not "none" */
    }
    memcpy(to + segment.field, &field, sizeof(field));
    return at;
}
