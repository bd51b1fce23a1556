/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * phys.h - which physical memory is still free.
 *
 * Shape     disjoint free ranges by ascending address; first fit.
 * Units     bytes; multiples of a page.
 * Owner     layout.c.
 * Trust     ranges come from checked input and may overlap: only what is
 *           free is taken.
 * Errors    phys_take() says whether there was room.
 * Source    none.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "sdk/tool/arena.h"

struct phys_range {
    uint64_t base;
    uint64_t end;
};

struct phys {
    struct arena *arena;
    struct phys_range *range;
    uint32_t count;
};

void phys_init(struct phys *phys, struct arena *arena);
/** Makes free what of a range is not free yet. */
void phys_add(struct phys *phys, uint64_t base, uint64_t size);
/** Makes a range, or what of it is free, no longer free. */
void phys_remove(struct phys *phys, uint64_t base, uint64_t size);
/** Takes the lowest free `size` bytes at a multiple of `align` (a power of
 *  two) inside [from, to). */
MUST_USE bool phys_take(struct phys *phys, uint64_t size, uint64_t align,
    struct phys_range inside, uint64_t *out);
