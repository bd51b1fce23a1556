/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map.c - builds the loader's page table in the format of AArch64; see
 * loader/map.h.  Arm ARM (DDI 0487) D5.3.
 *
 * Blocks of 2 MiB rather than 1 GiB: a mapping as normal memory allows the
 * processor to read ahead, and memory that is not the image's may, on real
 * boards, be secure firmware's.
 */
#include "loader/map.h"

#include <stddef.h>

#define ADDRESS_BITS 39u
#define ROOT_SHIFT   30u
#define BLOCK_SHIFT  21u
#define TABLE_MASK   511u

#define ENTRY_TABLE   3ull
#define ENTRY_BLOCK   1ull
#define ENTRY_NORMAL  (1ull << 2) /* MAIR attribute 1; device is 0 */
#define ENTRY_INNER   (3ull << 8) /* inner shareable */
#define ENTRY_ACCESS  (1ull << 10)
#define ENTRY_NO_EXEC (1ull << 54)

static struct {
    uint64_t root[512] __attribute__((aligned(4096)));
    uint64_t table[MAP_TABLES_MAX][512] __attribute__((aligned(4096)));
    uint32_t tables_used;
} map;

/* The second-level table for the gigabyte of `address`, or NULL. */
static uint64_t *map_table(uint64_t address)
{
    uint64_t *entry = &map.root[address >> ROOT_SHIFT];

    if (*entry == 0) {
        if (map.tables_used == MAP_TABLES_MAX) {
            return NULL;
        }
        *entry = (uint64_t)(uintptr_t)map.table[map.tables_used] | ENTRY_TABLE;
        map.tables_used++;
    }
    return (uint64_t *)(uintptr_t)(*entry & ~ENTRY_TABLE);
}

bool map_range(uint64_t base, uint64_t size, enum map_kind kind)
{
    const uint64_t limit = 1ull << ADDRESS_BITS;
    uint64_t bits =
        kind == MAP_NORMAL ? ENTRY_NORMAL | ENTRY_INNER : ENTRY_NO_EXEC;

    if (base >= limit || size > limit - base) {
        return false;
    }
    if (size == 0) {
        return true;
    }

    uint64_t last = (base + size - 1) >> BLOCK_SHIFT;
    for (uint64_t block = base >> BLOCK_SHIFT; block <= last; block++) {
        uint64_t address = block << BLOCK_SHIFT;
        uint64_t *table = map_table(address);
        if (table == NULL) {
            return false;
        }
        uint64_t *entry = &table[block & TABLE_MASK];
        if (*entry == 0) {
            *entry = address | bits | ENTRY_ACCESS | ENTRY_BLOCK;
        }
    }
    return true;
}

const uint64_t *map_root(void)
{
    return map.root;
}
