/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * place.c - finds a physical address for everything that layout.c lists.
 *
 * Regions with phys_addr stay where the description says, and nothing else
 * comes there, nor into the board's reserved ranges.  First fit in a fixed
 * order makes the result a function of the input.
 *
 * How many page tables the kernel needs depends on addresses, and addresses
 * on how many page tables there are: placing is repeated until both agree.
 */
#include <inttypes.h>

#include "base/range.h"
#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"
#include "sdk/tool/phys.h"

#define PLACING_ROUNDS 8

/* Regions with a fixed place: inside memory, clear of loader and kernel. */
void place_check_fixed(const struct build *build)
{
    const struct board *board = build->board;
    uint64_t used = build->kernel_end - board->image_base;

    for (uint32_t i = 0; i < build->system->region_count; i++) {
        const struct sdf_region *region = &build->system->region[i];

        if (!region->has_phys || !build->region[i].needed) {
            continue;
        }
        for (uint32_t k = 0; region->device && k < board->memory_count; k++) {
            if (range_overlaps(board->memory[k].base, board->memory[k].size,
                    region->phys, region->size)) {
                diag_error(&region->pos,
                    "memory region '%s' is partly memory, partly not",
                    region->name);
            }
        }
        if (range_overlaps(
                board->image_base, used, region->phys, region->size)) {
            diag_error(&region->pos,
                "memory region '%s' overlaps with the kernel at [0x%" PRIx64
                "..0x%" PRIx64 ")",
                region->name, board->image_base, build->kernel_end);
        }
        if (region->prefill != NULL &&
            !range_holds(build->kernel_end,
                board->image_limit - build->kernel_end, region->phys,
                region->size)) {
            diag_error(&region->pos,
                "memory region '%s' is prefilled, so its phys_addr must be "
                "inside the image's memory [0x%" PRIx64 "..0x%" PRIx64 ")",
                region->name, build->kernel_end, board->image_limit);
        }
    }
}

/* Takes away what nothing may be placed in, whatever the board says. */
static void remove_used(const struct build *build, struct phys *phys)
{
    const struct board *board = build->board;

    phys_remove(phys, board->image_base, build->kernel_end - board->image_base);
    for (uint32_t i = 0; i < build->place_count; i++) {
        const struct place *place = &build->place[i];

        if (place->fixed || place->pa != 0) {
            phys_remove(phys, place->pa, place->size);
        }
    }
}

static void find_free(const struct build *build, struct phys *phys)
{
    const struct board *board = build->board;

    phys_init(phys, build->arena);
    for (uint32_t i = 0; i < board->memory_count; i++) {
        phys_add(phys, board->memory[i].base, board->memory[i].size);
    }
    for (uint32_t i = 0; i < board->reserved_count; i++) {
        phys_remove(phys, board->reserved[i].base, board->reserved[i].size);
    }
    remove_used(build, phys);
}

/* Makes the spare part of reserved memory free, too. */
static void add_spare(const struct build *build, struct phys *phys)
{
    const struct board *board = build->board;

    for (uint32_t i = 0; i < board->reserved_count; i++) {
        if (board->reserved[i].spare) {
            phys_add(phys, board->reserved[i].base, board->reserved[i].size);
        }
    }
    remove_used(build, phys);
}

/* The region that a place is for, or NULL. */
static const struct sdf_region *region_of(
    const struct build *build, uint32_t place)
{
    for (uint32_t i = 0; i < build->system->region_count; i++) {
        const struct build_region *region = &build->region[i];

        for (uint32_t k = 0; k < region->extent_count; k++) {
            if (region->extent[k].place == place) {
                return &build->system->region[i];
            }
        }
    }
    return NULL;
}

/* Says how much is free, and where. */
NORETURN static void no_room(const struct build *build, const struct phys *phys,
    uint32_t index, struct phys_range inside)
{
    const struct place *place = &build->place[index];
    const struct sdf_region *region = region_of(build, index);
    const char *text = "";

    for (uint32_t i = 0; i < phys->count; i++) {
        uint64_t base = phys->range[i].base;
        uint64_t end = phys->range[i].end;

        base = base < inside.base ? inside.base : base;
        end = end > inside.end ? inside.end : end;
        if (base < end) {
            text = arena_printf(build->arena,
                "%s%s[0x%" PRIx64 "..0x%" PRIx64 ") %" PRIu64 " KiB", text,
                text[0] == '\0' ? "" : ", ", base, end, (end - base) / 1024);
        }
    }
    diag_error(region == NULL ? NULL : &region->pos,
        "not enough memory: no room for %s of '%s', %" PRIu64
        " KiB in one piece at a multiple of 0x%" PRIx64 "; free%s: %s",
        place->what, place->owner, place->size / 1024, place->align,
        place->content ? " in the image's memory" : "",
        text[0] == '\0' ? "nothing" : text);
}

/* Memory that is zeroed may lie anywhere, at best behind the image. */
static bool take_zeroed(const struct build *build, struct phys *phys,
    struct place *place, struct phys_range inside)
{
    const struct phys_range anywhere = { 0, UINT64_MAX };

    if (phys_take(phys, place->size, place->align, inside, &place->pa) ||
        phys_take(phys, place->size, place->align, anywhere, &place->pa)) {
        return true;
    }
    add_spare(build, phys);
    return phys_take(phys, place->size, place->align, anywhere, &place->pa);
}

/* Small alignments first, so that gaps before large ones are rare. */
static void take_all(struct build *build, struct phys *phys, bool content,
    struct phys_range inside)
{
    for (uint32_t large = 0; large < 2; large++) {
        for (uint32_t i = 0; i < build->place_count; i++) {
            struct place *place = &build->place[i];

            if (place->content != content || place->fixed ||
                (place->align >= VSPACE_LARGE) != (large == 1)) {
                continue;
            }
            if (content && !phys_take(phys, place->size, place->align, inside,
                               &place->pa)) {
                no_room(build, phys, i, inside);
            }
            if (!content && !take_zeroed(build, phys, place, inside)) {
                no_room(build, phys, i, (struct phys_range){ 0, UINT64_MAX });
            }
        }
    }
}

static uint64_t content_end(const struct build *build)
{
    uint64_t end = build->kernel_end;

    for (uint32_t i = 0; i < build->place_count; i++) {
        const struct place *place = &build->place[i];

        if (place->content && place->pa + place->size > end) {
            end = place->pa + place->size;
        }
    }
    return end;
}

static void place_all(struct build *build)
{
    uint64_t limit = build->board->image_limit;
    struct phys phys;

    for (uint32_t i = 0; i < build->place_count; i++) {
        struct place *place = &build->place[i];

        place->pa = place->fixed ? place->pa : 0; /* of an earlier round */
    }
    find_free(build, &phys);
    take_all(
        build, &phys, true, (struct phys_range){ build->kernel_end, limit });

    uint64_t end = content_end(build);
    take_all(build, &phys, false, (struct phys_range){ end, limit });
    build->image_size = end - build->board->image_base;
}

/* Returns false when the kernel needs more page tables than were placed. */
static bool place_kernel_tables(struct build *build)
{
    struct place *tables = &build->place[build->kernel_tables_place];
    uint64_t size;

    place_all(build);
    page_tables_build_kernel(build, tables->pa);
    size = vspace_size(&build->kernel_space);
    if (size > tables->size) {
        tables->size = size;
        return false;
    }
    return true;
}

void place_build(struct build *build)
{
    uint32_t rounds = 0;

    while (!place_kernel_tables(build)) {
        if (++rounds == PLACING_ROUNDS) {
            diag_error(NULL, "cannot place the kernel's page tables");
        }
    }
}
