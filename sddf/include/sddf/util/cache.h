/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.h - making memory and a device that is not coherent agree.
 *
 * Shape     ranges [start, end) of virtual addresses, widened to whole lines.
 * Units     bytes.
 * Owner     by sDDF's rule of roles only virtualisers call these.
 * Trust     the caller has checked the range: it must be mapped.
 * Errors    an empty range does nothing.
 * Source    names of sDDF 0.7; Arm ARM D7.5.9 (cache maintenance by address).
 */
#pragma once

/** Writes dirty lines back and drops them: before reading what a device
 *  wrote.  Complete when it returns. */
void cache_clean_and_invalidate(unsigned long start, unsigned long end);

/** Writes dirty lines back: before a device reads.  Ordered before any later
 *  access when it returns. */
void cache_clean(unsigned long start, unsigned long end);
