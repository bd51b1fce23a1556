/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists are short (tens of ranges): shifting the array is simple and fast. */
#include "sdk/tool/phys.h"

#include "base/range.h"

void phys_init(struct phys *phys, struct arena *arena)
{
    phys->arena = arena;
    phys->range = NULL;
    phys->count = 0;
}

static void insert_at(struct phys *phys, uint32_t at, struct phys_range range)
{
    phys->range =
        arena_room(phys->arena, phys->range, phys->count, sizeof(range));
    for (uint32_t i = phys->count; i > at; i--) {
        phys->range[i] = phys->range[i - 1];
    }
    phys->range[at] = range;
    phys->count++;
}

static void delete_at(struct phys *phys, uint32_t at)
{
    phys->count--;
    for (uint32_t i = at; i < phys->count; i++) {
        phys->range[i] = phys->range[i + 1];
    }
}

void phys_add(struct phys *phys, uint64_t base, uint64_t size)
{
    uint64_t end = base + size;
    uint32_t at = 0;

    if (size == 0) {
        return;
    }
    while (at < phys->count && phys->range[at].end < base) {
        at++;
    }
    /* what it touches becomes one range with it */
    while (at < phys->count && phys->range[at].base <= end) {
        struct phys_range old = phys->range[at];

        base = old.base < base ? old.base : base;
        end = old.end > end ? old.end : end;
        delete_at(phys, at);
    }
    insert_at(phys, at, (struct phys_range){ base, end });
}

void phys_remove(struct phys *phys, uint64_t base, uint64_t size)
{
    uint64_t end = base + size;
    uint32_t i = 0;

    while (i < phys->count) {
        struct phys_range old = phys->range[i];

        if (size == 0 || end <= old.base || base >= old.end) {
            i++;
            continue;
        }
        delete_at(phys, i);
        if (end < old.end) {
            insert_at(phys, i, (struct phys_range){ end, old.end });
        }
        if (old.base < base) {
            insert_at(phys, i, (struct phys_range){ old.base, base });
            i++;
        }
    }
}

bool phys_take(struct phys *phys, uint64_t size, uint64_t align,
    struct phys_range inside, uint64_t *out)
{
    for (uint32_t i = 0; i < phys->count; i++) {
        uint64_t base = phys->range[i].base;
        uint64_t end = phys->range[i].end;

        if (base < inside.base) {
            base = inside.base;
        }
        if (end > inside.end) {
            end = inside.end;
        }
        if (base > UINT64_MAX - align) {
            continue;
        }
        base = range_round_up(base, align);
        if (base <= end && size <= end - base) {
            phys_remove(phys, base, size);
            *out = base;
            return true;
        }
    }
    return false;
}
