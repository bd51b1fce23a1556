/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - the loader's architecture interface.  map.h belongs to it.
 *
 * Shape     loader/arch/X has start.S, which calls loader_main(), and these
 *           functions; arch_types.h there has numbers.
 * Units     physical addresses, bytes.
 * Owner     the loader, alone on the machine: one core, caches off.
 * Trust     arguments come from the checked loader_info.
 */
#pragma once

#include <stdint.h>

#include "base/attr.h"

/** Called by start.S: the address and the privilege level that the loader was
 *  started at. */
NORETURN void loader_main(uint64_t start, uint64_t level);

/** Makes memory and caches agree, before the caches are switched on: writes back
 *  and drops every line of every data cache level.  Whoever put the image into
 *  memory, through the caches or behind them, and whatever they had cached of
 *  the memory to be zeroed, does not matter afterwards. */
void loader_flush_caches(void);
/** Switches MMU and caches on, with the table at `root`. */
void loader_mmu_on(const uint64_t *root);
/** Zeroes memory; `base` and `size` are multiples of 64. */
void loader_zero(uint64_t base, uint64_t size);
/** Jumps to the kernel. */
NORETURN void loader_enter(uint64_t entry, uint64_t table, uint64_t root);
/** Sleeps for ever. */
NORETURN void loader_halt(void);
