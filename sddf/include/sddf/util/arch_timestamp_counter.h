/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch_timestamp_counter.h - the counter that user level may read.
 *
 * Shape     two functions, one file per architecture.
 * Units     ticks since reset; hertz.
 * Trust     firmware sets the frequency; it is read, never assumed.
 * Errors    frequency 0: there is no counter a component can use.
 * Source    names of sDDF 0.7; Arm ARM D11 (the generic timer).
 */
#pragma once

#include <stdint.h>

/** Reads the counter, not earlier than what the program did before. */
uint64_t sddf_read_counter(void);

/** Ticks per second, or 0. */
uint64_t sddf_read_freq(void);
