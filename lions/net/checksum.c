/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sums 64 bit words with the carry going round: ones' complement addition does
 * not care how wide the words are (RFC 1071, section 2, parallel summation),
 * nor about the order of bytes within them, so the words are loaded as the
 * machine has them.
 */
#include "lions/net/checksum.h"

#include "base/mem.h"

/* a + b with the carry added at the bottom. */
static uint64_t add_carry(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;

    return sum + (sum < b ? 1 : 0);
}

/* A word from any address. */
static uint64_t load_word(const uint8_t *data)
{
    uint64_t word;

    __builtin_memcpy(&word, data, sizeof(word));
    return word;
}

/* Sums four words per turn in two chains: each chain's carries are counted
 * apart, so that the additions do not wait for each other. */
static uint64_t sum_blocks(const uint8_t *data, size_t blocks)
{
    uint64_t low = 0;  /* sum of the lower halves of all words */
    uint64_t high = 0; /* sum of the upper halves */

    for (; blocks > 0; blocks--, data += 32) {
        uint64_t a = load_word(data);
        uint64_t b = load_word(data + 8);
        uint64_t c = load_word(data + 16);
        uint64_t d = load_word(data + 24);

        low += (uint32_t)a;
        high += a >> 32;
        low += (uint32_t)b;
        high += b >> 32;
        low += (uint32_t)c;
        high += c >> 32;
        low += (uint32_t)d;
        high += d >> 32;
    }
    /* 2^32 words of 32 bits fit each sum; fold high into low's position:
     * 2^32 is 1 modulo 2^16 - 1 (and modulo 2^32 - 1). */
    return add_carry(low, high);
}

/* 64 bits to 16, carries going round. */
static uint16_t fold(uint64_t sum)
{
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)sum;
}

uint16_t checksum(const uint8_t *data, size_t len)
{
    size_t blocks = len / 32;
    uint64_t sum = sum_blocks(data, blocks);

    data += blocks * 32;
    len -= blocks * 32;
    for (; len >= 8; len -= 8, data += 8) {
        sum = add_carry(sum, load_word(data));
    }
    if (len > 0) {
        uint8_t last[8] = { 0 };

        memcpy(last, data, len);
        sum = add_carry(sum, load_word(last));
    }
    return fold(sum);
}
