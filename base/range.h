/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * range.h - arithmetic on numbers from outside, and half-open ranges.
 *
 * Shape     a range is [base, base + size); every function is total.
 * Units     whatever the caller counts, usually bytes.
 * Trust     all arguments may be hostile: nothing here overflows.
 * Errors    add_ok() and mul_ok() return false and leave *out alone.
 * Source    no outside document.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/** a + b, if it fits 64 bits. */
MUST_USE static inline bool add_ok(uint64_t a, uint64_t b, uint64_t *out)
{
    if (b > UINT64_MAX - a) {
        return false;
    }
    *out = a + b;
    return true;
}

/** a * b, if it fits 64 bits. */
MUST_USE static inline bool mul_ok(uint64_t a, uint64_t b, uint64_t *out)
{
    uint64_t product;

    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out = product;
    return true;
}

/** Does a piece of `len` at offset `off` lie inside `size`? */
static inline bool range_contains(uint64_t size, uint64_t off, uint64_t len)
{
    return off <= size && len <= size - off;
}

/** Does [base, base + size) hold [at, at + len)?  False if either wraps. */
static inline bool range_holds(
    uint64_t base, uint64_t size, uint64_t at, uint64_t len)
{
    return size <= UINT64_MAX - base && at >= base &&
           range_contains(size, at - base, len);
}

/** Do the two ranges share a byte?  Neither may wrap. */
static inline bool range_overlaps(
    uint64_t base_a, uint64_t size_a, uint64_t base_b, uint64_t size_b)
{
    if (size_a == 0 || size_b == 0) {
        return false;
    }
    return base_a <= base_b ? base_b - base_a < size_a
                            : base_a - base_b < size_b;
}

/** `n` rounded up to a multiple of `align`, a power of two; 0 if it wraps. */
static inline uint64_t range_round_up(uint64_t n, uint64_t align)
{
    return (n + align - 1) & ~(align - 1);
}
