/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * udivmodti4.h - division of a 128-bit number, without a compiler library.
 *
 * Shape     one function; the quotient must fit 64 bits, as sDDF's callers
 *           make sure of: high < divisor.
 * Errors    otherwise, or for divisor 0, the quotient is all ones and the
 *           remainder 0.
 * Source    name of sDDF 0.7; schoolbook division, one bit at a time.
 */
#pragma once

#include <stdint.h>

/** (high * 2^64 + low) / divisor; the remainder goes to *remainder. */
static inline uint64_t udiv128by64to64(
    uint64_t high, uint64_t low, uint64_t divisor, uint64_t *remainder)
{
    uint64_t quotient = 0;

    if (high >= divisor) {
        *remainder = 0;
        return UINT64_MAX;
    }
    for (uint32_t bit = 0; bit < 64; bit++) {
        uint64_t carry = high >> 63;

        high = high << 1 | low >> 63;
        low <<= 1;
        quotient <<= 1;
        if (carry != 0 || high >= divisor) {
            high -= divisor;
            quotient |= 1;
        }
    }
    *remainder = high;
    return quotient;
}
