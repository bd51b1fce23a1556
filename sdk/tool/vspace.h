/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace.h - builds the page tables of one address space.
 *
 * Shape     a root and the lower tables it needs, contiguous, in the order in
 *           which they were first needed.  The same maps in the same order
 *           give the same bytes, and the same number of tables whatever the
 *           physical addresses are: so the tool first builds with made-up
 *           addresses to learn the size, places everything, builds again.
 * Units     bytes; leaves are 4 KiB or 2 MiB.
 * Owner     the arena given to vspace_init().
 * Trust     the caller checked ranges; a map that would overlap another or
 *           leave the address space is refused, never written.
 * Errors    enum vspace_result.
 * Source    the format of each architecture: sdk/tool/arch.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/limits.h"
#include "base/attr.h"
#include "sdk/tool/arena.h"

#define VSPACE_PAGE  ((uint32_t)ABI_PAGE_SIZE)
#define VSPACE_LARGE ((uint32_t)ABI_LARGE_PAGE_SIZE)

enum vspace_perms {
    VSPACE_READ = 1, /* implied by the two others */
    VSPACE_WRITE = 2,
    VSPACE_EXECUTE = 4,
    VSPACE_DEVICE = 8, /* device memory: no cache, no reordering */
};

/* What a processor architecture says about its tables. */
struct vspace_format {
    uint32_t address_bits; /* of a virtual address */
    uint32_t levels;       /* from the root to a 4 KiB leaf: at most 4 */
    uint32_t root_entries; /* 8 bytes each */
    uint64_t (*table)(uint64_t pa);
    /* The physical address in an entry. */
    uint64_t (*address)(uint64_t entry);
    uint64_t (*leaf)(uint64_t pa, uint32_t perms, bool large);
    /* The value for the root register. */
    uint64_t (*root)(uint64_t pa, uint32_t space_id);
};

struct vspace_map {
    uint64_t va;
    uint64_t pa;
    uint64_t size;  /* multiple of leaf */
    uint64_t leaf;  /* VSPACE_PAGE or VSPACE_LARGE */
    uint32_t perms; /* enum vspace_perms */
};

struct vspace {
    const struct vspace_format *format;
    struct arena *arena;
    uint64_t base;  /* physical address of the root */
    uint64_t *word; /* all tables, root first */
    uint64_t word_count;
    uint64_t word_room;
};

enum vspace_result {
    VSPACE_OK,
    VSPACE_OVERLAP, /* something is mapped there already */
    VSPACE_RANGE,   /* misaligned, or outside the address space */
};

/** Starts an empty address space whose root will be at `base`. */
void vspace_init(struct vspace *space, struct arena *arena,
    const struct vspace_format *format, uint64_t base);
/** Maps one range; on failure, part of it may have been mapped. */
MUST_USE enum vspace_result vspace_map(
    struct vspace *space, const struct vspace_map *map);
/** Bytes of all tables so far, a multiple of VSPACE_PAGE. */
uint64_t vspace_size(const struct vspace *space);
/** Alignment that the root needs. */
uint64_t vspace_align(const struct vspace_format *format);
