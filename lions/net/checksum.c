/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sums wide words with the carry going round: ones' complement addition does
 * not care how wide the words are (RFC 1071, section 2, parallel summation),
 * nor about the order of bytes within them, so the words are loaded as the
 * machine has them.
 */
#include "lions/net/checksum.h"

/* Words at any address, of any effective type. */
typedef uint64_t word64_t __attribute__((aligned(1), may_alias));
typedef uint32_t word32_t __attribute__((aligned(1), may_alias));
typedef uint16_t word16_t __attribute__((aligned(1), may_alias));

/* a + b with the carry added at the bottom. */
static uint64_t add_carry(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;

    return sum + (sum < b ? 1 : 0);
}

/* Blocks of `len` bytes that one call of an inner loop takes. */
static size_t blocks_of(size_t len)
{
    size_t blocks = len / CHECKSUM_BLOCK;

    return blocks < CHECKSUM_BLOCKS_MAX ? blocks : CHECKSUM_BLOCKS_MAX;
}

/* Adds what is left behind the blocks: less than one block. */
static uint64_t add_rest(uint64_t sum, const uint8_t *data, size_t len)
{
    for (; len >= 8; len -= 8) {
        sum = add_carry(sum, *(const word64_t *)data);
        data += 8;
    }
    if ((len & 4) != 0) {
        sum = add_carry(sum, *(const word32_t *)data);
        data += 4;
    }
    if ((len & 2) != 0) {
        sum = add_carry(sum, *(const word16_t *)data);
        data += 2;
    }
    if ((len & 1) != 0) {
        sum = add_carry(sum, *data); /* little-endian: the low byte */
    }
    return sum;
}

uint16_t checksum(const uint8_t *data, size_t len)
{
    uint64_t sum = 0;

    while (len >= CHECKSUM_BLOCK) {
        size_t blocks = blocks_of(len);

        sum = add_carry(sum, checksum_blocks(data, blocks));
        data += blocks * CHECKSUM_BLOCK;
        len -= blocks * CHECKSUM_BLOCK;
    }
    return checksum_fold(add_rest(sum, data, len));
}

/* As add_rest(), and copies. */
static uint64_t copy_rest(
    uint64_t sum, uint8_t *to, const uint8_t *from, size_t len)
{
    for (; len >= 8; len -= 8) {
        uint64_t word = *(const word64_t *)from;
        *(word64_t *)to = word;
        sum = add_carry(sum, word);
        to += 8;
        from += 8;
    }
    if ((len & 4) != 0) {
        uint32_t word = *(const word32_t *)from;
        *(word32_t *)to = word;
        sum = add_carry(sum, word);
        to += 4;
        from += 4;
    }
    if ((len & 2) != 0) {
        uint16_t word = *(const word16_t *)from;
        *(word16_t *)to = word;
        sum = add_carry(sum, word);
        to += 2;
        from += 2;
    }
    if ((len & 1) != 0) {
        *to = *from;
        sum = add_carry(sum, *from);
    }
    return sum;
}

uint16_t checksum_copy(uint8_t *to, const uint8_t *from, size_t len)
{
    uint64_t sum = 0;

    while (len >= CHECKSUM_BLOCK) {
        size_t blocks = blocks_of(len);

        sum = add_carry(sum, checksum_copy_blocks(to, from, blocks));
        to += blocks * CHECKSUM_BLOCK;
        from += blocks * CHECKSUM_BLOCK;
        len -= blocks * CHECKSUM_BLOCK;
    }
    return checksum_fold(copy_rest(sum, to, from, len));
}

_Static_assert(
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the last byte is the low one");
