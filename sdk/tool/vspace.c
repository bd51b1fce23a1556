/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace.c - builds the page tables of one address space.
 *
 * Tables are kept as they will lie in memory: the root, then lower tables of
 * 512 entries.  While building, a table entry is decoded again by finding
 * which of our tables encodes to it, so no second structure is needed: table
 * k lies at base + root size + k * 4096.
 */
#include "sdk/tool/vspace.h"

#include <string.h>

#define TABLE_ENTRIES 512u
#define ENTRY_BITS    9u
#define PAGE_BITS     12u
/* No format has wider physical addresses. */
#define PHYSICAL_BITS_MAX 48u

void vspace_init(struct vspace *space, struct arena *arena,
    const struct vspace_format *format, uint64_t base)
{
    memset(space, 0, sizeof(*space));
    space->format = format;
    space->arena = arena;
    space->base = base;
    space->word_count = format->root_entries;
    space->word_room = 4 * (uint64_t)format->root_entries;
    space->word = arena_array(arena, space->word_room, sizeof(uint64_t));
}

/* Appends an empty table and returns the index of its first word. */
static uint64_t add_table(struct vspace *space)
{
    uint64_t first = space->word_count;

    if (first + TABLE_ENTRIES > space->word_room) {
        uint64_t room = 2 * space->word_room;
        uint64_t *word = arena_array(space->arena, room, sizeof(uint64_t));

        memcpy(word, space->word, first * sizeof(uint64_t));
        space->word = word;
        space->word_room = room;
    }
    space->word_count += TABLE_ENTRIES;
    return first;
}

/* How many address bits an entry `depth` steps below the root covers. */
static uint32_t entry_shift(const struct vspace *space, uint32_t depth)
{
    return PAGE_BITS + ENTRY_BITS * (space->format->levels - 1 - depth);
}

/* Maps one leaf, making the tables above it. */
static enum vspace_result map_leaf(
    struct vspace *space, uint64_t va, uint64_t entry, uint32_t leaf_depth)
{
    uint64_t table = 0;
    uint32_t entries = space->format->root_entries;

    for (uint32_t depth = 0; depth < leaf_depth; depth++) {
        uint64_t slot =
            table + ((va >> entry_shift(space, depth)) & (entries - 1));

        if (space->word[slot] == 0) {
            uint64_t next = add_table(space);

            space->word[slot] =
                space->format->table(space->base + next * sizeof(uint64_t));
        }

        uint64_t pa = space->format->address(space->word[slot]);
        uint64_t next = (pa - space->base) / sizeof(uint64_t);

        if (pa < space->base || next >= space->word_count ||
            space->word[slot] != space->format->table(pa)) {
            return VSPACE_OVERLAP; /* a large leaf */
        }
        table = next;
        entries = TABLE_ENTRIES;
    }

    uint64_t slot =
        table + ((va >> entry_shift(space, leaf_depth)) & (entries - 1));
    if (space->word[slot] != 0) {
        return VSPACE_OVERLAP;
    }
    space->word[slot] = entry;
    return VSPACE_OK;
}

enum vspace_result vspace_map(
    struct vspace *space, const struct vspace_map *map)
{
    const struct vspace_format *format = space->format;
    uint64_t limit = 1ull << format->address_bits;
    bool large = map->leaf == VSPACE_LARGE;
    uint32_t depth = format->levels - (large ? 2 : 1);

    if ((!large && map->leaf != VSPACE_PAGE) ||
        ((map->va | map->pa | map->size) & (map->leaf - 1)) != 0 ||
        map->size > limit || map->va > limit - map->size ||
        map->pa >> PHYSICAL_BITS_MAX != 0) {
        return VSPACE_RANGE;
    }
    for (uint64_t at = 0; at < map->size; at += map->leaf) {
        uint64_t entry = format->leaf(map->pa + at, map->perms, large);
        enum vspace_result result = map_leaf(space, map->va + at, entry, depth);

        if (result != VSPACE_OK) {
            return result;
        }
    }
    return VSPACE_OK;
}

uint64_t vspace_size(const struct vspace *space)
{
    return space->word_count * sizeof(uint64_t);
}

uint64_t vspace_align(const struct vspace_format *format)
{
    return format->root_entries * sizeof(uint64_t);
}
