/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bits.h - bit fields of 32 and 64 bit words, by mask.
 *
 * Shape     a field is named by its mask: BITS32(highest, lowest) as hardware
 *           manuals write [highest:lowest].  Masks are contiguous, not zero.
 * Units     bits.
 * Errors    a value too large for its field is cut to the field.
 * Source    no outside document.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BITS32(high, low)                                                      \
    ((UINT32_C(0xffffffff) >> (31 - (high))) & (UINT32_C(0xffffffff) << (low)))
#define BITS64(high, low)                                                      \
    ((UINT64_C(0xffffffffffffffff) >> (63 - (high))) &                         \
        (UINT64_C(0xffffffffffffffff) << (low)))

/** The field `mask` of `word`, moved down to bit 0. */
static inline uint32_t field_get32(uint32_t word, uint32_t mask)
{
    return (word & mask) / (mask & (~mask + 1u));
}

/** `word` with field `mask` replaced by `value`. */
static inline uint32_t field_set32(uint32_t word, uint32_t mask, uint32_t value)
{
    return (word & ~mask) | ((value * (mask & (~mask + 1u))) & mask);
}

/** The field `mask` of `word`, moved down to bit 0. */
static inline uint64_t field_get64(uint64_t word, uint64_t mask)
{
    return (word & mask) / (mask & (~mask + 1u));
}

/** `word` with field `mask` replaced by `value`. */
static inline uint64_t field_set64(uint64_t word, uint64_t mask, uint64_t value)
{
    return (word & ~mask) | ((value * (mask & (~mask + 1u))) & mask);
}

/** Is `n` one of 1, 2, 4, 8 ...? */
static inline bool bits_is_power_of_two(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

/** The number of the lowest set bit.  `word` must not be 0. */
static inline uint32_t bits_lowest(uint64_t word)
{
    return (uint32_t)__builtin_ctzll(word);
}
