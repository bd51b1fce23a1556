/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checksum.h - the Internet checksum, as fast as integer registers allow.
 *
 * Shape     a plain function, tested on the host; its inner loop is assembly
 *           on AArch64, because C cannot say "add with the carry".
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

#define CHECKSUM_BLOCK 32u

/** The ones' complement sum of the 16 bit words of `data`; an odd last byte
 *  is padded with zero.  Any alignment, any length. */
uint16_t checksum(const uint8_t *data, size_t len);

/** The ones' complement sum of the 64 bit words of `blocks` blocks:
 *  aarch64/checksum_blocks.S, portable/checksum_blocks.c. */
uint64_t checksum_blocks(const uint8_t *data, size_t blocks);
