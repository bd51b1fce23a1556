/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checksum.h - the Internet checksum, alone or while copying.
 *
 * Shape     plain functions, tested on the host; their inner loops use vector
 *           registers on AArch64, so a program that links them has fpu="true".
 * Units     bytes; the result is the folded sum, not complemented, in the
 *           byte order of the data.
 * Trust     the caller has checked the range; it is normal memory, where any
 *           alignment is allowed.
 * Errors    none.
 * Source    RFC 1071.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CHECKSUM_BLOCK      64u
#define CHECKSUM_BLOCKS_MAX 16384u /* per call of an inner loop */

/** Ones' complement, 64 bits to 16: carries go round. */
static inline uint16_t checksum_fold(uint64_t sum)
{
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)sum;
}

/** The ones' complement sum of the 16 bit words of `data`; an odd last byte
 *  is padded with zero.  Any alignment, any length. */
uint16_t checksum(const uint8_t *data, size_t len);

/** The same, and copies the data; the two regions do not overlap. */
uint16_t checksum_copy(uint8_t *to, const uint8_t *from, size_t len);

/** The sum of the 16 bit words of at most CHECKSUM_BLOCKS_MAX blocks, not
 *  folded: aarch64/checksum_blocks.c, portable/checksum_blocks.c. */
uint64_t checksum_blocks(const uint8_t *data, size_t blocks);

/** The same, and copies the blocks. */
uint64_t checksum_copy_blocks(uint8_t *to, const uint8_t *from, size_t blocks);
