/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checksum.h - the Internet checksum, as fast as integer registers allow.
 *
 * Shape     a plain function, tested on the host.
 * Units     bytes; the result is the folded sum, not complemented, in the
 *           byte order of the data.
 * Trust     the caller has checked the range.
 * Errors    none.
 * Source    RFC 1071.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** The ones' complement sum of the 16 bit words of `data`; an odd last byte
 *  is padded with zero.  Any alignment, any length. */
uint16_t checksum(const uint8_t *data, size_t len);
