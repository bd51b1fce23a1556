/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer_common.h - conversion between ticks and nanoseconds.
 *
 * Shape     T_out = T_in * f_out / f_in, without a 128-bit product: whole
 *           periods of f_in and the remainder are converted apart.
 * Units     hertz, ticks, nanoseconds.
 * Trust     total for every argument; a frequency of 0 gives 0.
 * Errors    a result beyond 64 bits saturates at UINT64_MAX.  Exact for
 *           frequencies up to 18 GHz; beyond, the remainder saturates too.
 * Source    names of sDDF 0.7; tests/unit/sddf/timer checks against
 *           128-bit arithmetic.
 */
#pragma once

#include <stdint.h>

#include <sddf/timer/protocol.h>

#include "base/range.h"

#define ONE_GHZ ((sddf_timer_freq_hz_t)(1ULL * GIGA))

/** period * target_freq / input_freq, rounded down. */
static inline uint64_t period_transform(
    uint64_t period, uint64_t target_freq, uint64_t input_freq)
{
    uint64_t whole;
    uint64_t part;
    uint64_t sum;

    if (input_freq == 0) {
        return 0;
    }
    if (!mul_ok(period / input_freq, target_freq, &whole) ||
        !mul_ok(period % input_freq, target_freq, &part) ||
        !add_ok(whole, part / input_freq, &sum)) {
        return UINT64_MAX;
    }
    return sum;
}

static inline uint64_t ticks_to_ns(uint64_t ticks, sddf_timer_freq_hz_t freq)
{
    return period_transform(ticks, ONE_GHZ, freq);
}

static inline uint64_t ns_to_ticks(uint64_t ns, sddf_timer_freq_hz_t freq)
{
    return period_transform(ns, freq, ONE_GHZ);
}

/** The deadline `ns` after `now`, in ticks, never early: rounded up, and
 *  UINT64_MAX when it lies beyond the end of time. */
static inline uint64_t timer_deadline(
    uint64_t now, uint64_t ns, sddf_timer_freq_hz_t freq)
{
    uint64_t ticks = ns_to_ticks(ns, freq);
    uint64_t deadline;

    if (ticks_to_ns(ticks, freq) < ns && !add_ok(ticks, 1, &ticks)) {
        return UINT64_MAX;
    }
    if (!add_ok(now, ticks, &deadline)) {
        return UINT64_MAX;
    }
    return deadline;
}
