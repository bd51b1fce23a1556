/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.h - what start.S offers to C.
 *
 * Shape     single steps that need instructions C does not have.
 * Units     physical addresses, bytes.
 * Owner     the loader, alone on the machine.
 * Trust     arguments come from the checked loader_info.
 * Errors    none.
 * Source    Arm ARM (DDI 0487) D13.2.
 */
#pragma once

#include <stdint.h>

#include "base/attr.h"

/** Switches MMU and caches on, with the table at `root`. */
void loader_mmu_on(const uint64_t *root);
/** Zeroes memory; `base` and `size` are multiples of 64. */
void loader_zero(uint64_t base, uint64_t size);
/** Jumps to the kernel. */
NORETURN void loader_enter(uint64_t entry, uint64_t table, uint64_t root);
/** Sleeps for ever. */
NORETURN void loader_halt(void);
