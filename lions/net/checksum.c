/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sums wide words with the carry going round: ones' complement addition does
 * not care how wide the words are (RFC 1071, section 2, parallel summation),
 * nor about the order of bytes within them, so the words are loaded as the
 * machine has them.  Whole blocks first; what is left is less than one, and
 * each power of two in it is there once or not at all.
 */
#include "lions/net/checksum.h"

/* Words at any address, of any effective type. */
typedef uint64_t word64_t __attribute__((aligned(1), may_alias));
typedef uint32_t word32_t __attribute__((aligned(1), may_alias));
typedef uint16_t word16_t __attribute__((aligned(1), may_alias));

/* Adds what is left behind the blocks.  Words of less than 64 bits are summed
 * apart: together they make no carry. */
static inline uint64_t add_rest(uint64_t sum, const uint8_t *data, uint32_t len)
{
    uint64_t rest = 0;

    if ((len & 8) != 0) {
        sum = checksum_plus(sum, *(const word64_t *)data);
        data += 8;
    }
    if ((len & 4) != 0) {
        rest += *(const word32_t *)data;
        data += 4;
    }
    if ((len & 2) != 0) {
        rest += *(const word16_t *)data;
        data += 2;
    }
    if ((len & 1) != 0) {
        rest += *data; /* little-endian: the low byte */
    }
    return checksum_plus(sum, rest);
}

uint64_t checksum_add(uint64_t sum, const uint8_t *data, uint16_t len)
{
    uint32_t blocks = len / CHECKSUM_BLOCK;

    if (blocks > 0) {
        sum = checksum_plus(sum, checksum_blocks(data, blocks));
        data += blocks * CHECKSUM_BLOCK;
    }
    return add_rest(sum, data, len % CHECKSUM_BLOCK);
}

/* As add_rest(), and copies. */
static inline uint64_t copy_rest(
    uint64_t sum, uint8_t *to, const uint8_t *from, uint32_t len)
{
    uint64_t rest = 0;

    if ((len & 8) != 0) {
        uint64_t word = *(const word64_t *)from;
        *(word64_t *)to = word;
        sum = checksum_plus(sum, word);
        to += 8;
        from += 8;
    }
    if ((len & 4) != 0) {
        uint32_t word = *(const word32_t *)from;
        *(word32_t *)to = word;
        rest += word;
        to += 4;
        from += 4;
    }
    if ((len & 2) != 0) {
        uint16_t word = *(const word16_t *)from;
        *(word16_t *)to = word;
        rest += word;
        to += 2;
        from += 2;
    }
    if ((len & 1) != 0) {
        uint8_t byte = *from;
        *to = byte;
        rest += byte;
    }
    return checksum_plus(sum, rest);
}

uint64_t checksum_add_copy(
    uint64_t sum, uint8_t *to, const uint8_t *from, uint16_t len)
{
    uint32_t blocks = len / CHECKSUM_BLOCK;

    if (blocks > 0) {
        sum = checksum_plus(sum, checksum_copy_blocks(to, from, blocks));
        to += blocks * CHECKSUM_BLOCK;
        from += blocks * CHECKSUM_BLOCK;
    }
    return copy_rest(sum, to, from, len % CHECKSUM_BLOCK);
}

_Static_assert(
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the last byte is the low one");
