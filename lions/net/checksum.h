/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checksum.h - the Internet checksum, alone or while copying.
 *
 * Shape     a running sum of 64 bits, folded once at the end; the inner loops
 *           use vector registers on AArch64, so a program that links them has
 *           fpu="true".
 * Units     bytes, no more than a frame can have; sums are not complemented, and
 *           in the byte order of the data.
 * Trust     the caller has checked the range; it is normal memory, where any
 *           alignment is allowed.
 * Source    RFC 1071.
 */
#pragma once

#include <stdint.h>

#define CHECKSUM_BLOCK      16u
#define CHECKSUM_BLOCKS_MAX (UINT16_MAX / CHECKSUM_BLOCK)

/** a + b with the carry added at the bottom. */
static inline uint64_t checksum_plus(uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;

    return sum + (sum < b ? 1 : 0);
}

/** The sum of the same bytes when they begin one byte later. */
static inline uint64_t checksum_shift(uint64_t sum)
{
    return sum << 8 | sum >> 56;
}

/** Ones' complement, 64 bits to 16: carries go round.  Adding the halves to
 *  each other leaves the sum, carry included, in the upper one. */
static inline uint16_t checksum_fold(uint64_t sum)
{
    sum += sum << 32 | sum >> 32;
    uint32_t half = (uint32_t)(sum >> 32);
    half += half << 16 | half >> 16;
    return (uint16_t)(half >> 16);
}

/** `sum`, and the 16 bit words of `data`; an odd last byte is padded with zero.
 *  Any alignment, any length. */
uint64_t checksum_add(uint64_t sum, const uint8_t *data, uint16_t len);

/** The same, and copies the data; the two regions do not overlap. */
uint64_t checksum_add_copy(
    uint64_t sum, uint8_t *to, const uint8_t *from, uint16_t len);

/** The checksum of one range. */
static inline uint16_t checksum(const uint8_t *data, uint16_t len)
{
    return checksum_fold(checksum_add(0, data, len));
}

/** The sum of the 16 bit words of at most CHECKSUM_BLOCKS_MAX blocks:
 *  arch/aarch64/checksum_blocks.c, arch/common/checksum_blocks.c. */
uint64_t checksum_blocks(const uint8_t *data, uint32_t blocks);

/** The same, and copies the blocks. */
uint64_t checksum_copy_blocks(
    uint8_t *to, const uint8_t *from, uint32_t blocks);
