/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.h - makes memory and caches agree before the caches are switched on.
 *
 * Shape     one function.
 * Owner     the loader: one core, MMU off, nobody else is running.
 * Trust     cache geometry registers are the processor's.
 * Errors    none.
 * Source    Arm ARM (DDI 0487) D4.4.6, CLIDR_EL1, CCSIDR_EL1.
 */
#pragma once

/** Writes back and drops every line of every data cache level, by set and way.
 *  Whoever put the image into memory, through the caches or behind them, and
 *  whatever they had cached of the memory to be zeroed, is settled by it. */
void cache_flush_all(void);
