/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map.h - the loader's own page table, one to one; part of its architecture
 * interface.
 *
 * Shape     one root, MAP_TABLES_MAX second-level tables of 1 GiB each; blocks
 *           of 2 MiB.
 * Units     physical addresses, bytes.
 * Owner     the loader; given up when the kernel switches to its own table.
 * Trust     ranges come from the loader_info.
 * Errors    map_range() returns false when the ranges are spread too widely or
 *           lie beyond 39 bits.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

#define MAP_TABLES_MAX 4u

enum map_kind {
    MAP_NORMAL,
    MAP_DEVICE,
};

/** Maps every block that [base, base + size) touches.  A block already mapped
 *  keeps its kind. */
MUST_USE bool map_range(uint64_t base, uint64_t size, enum map_kind kind);
/** The root, for loader_mmu_on(). */
const uint64_t *map_root(void);
