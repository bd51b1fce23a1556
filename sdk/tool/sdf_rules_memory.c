/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules about regions and maps.  Ranges are sorted before they are compared,
 * so that a large description is checked in reasonable time. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/sdf_build.h"

/* A range and where it came from. */
struct sdf_span {
    uint64_t start;
    uint64_t end;
    uint32_t order; /* position in the description */
};

static int sdf_span_compare(const void *left, const void *right)
{
    const struct sdf_span *a = left;
    const struct sdf_span *b = right;

    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

/* Finds two spans that share a byte; later[0] is the one written later. */
static bool sdf_span_overlap(
    struct sdf_span *span, uint32_t count, const struct sdf_span *later[2])
{
    if (count == 0) {
        return false;
    }
    qsort(span, count, sizeof *span, sdf_span_compare);
    for (uint32_t i = 1; i < count; i++) {
        if (span[i].start < span[i - 1].end) {
            bool swap = span[i].order < span[i - 1].order;

            later[0] = &span[swap ? i - 1 : i];
            later[1] = &span[swap ? i : i - 1];
            return true;
        }
    }
    return false;
}

/* One map by itself; returns its range. */
static struct sdf_span sdf_check_map(const struct sdf_build *build,
    const struct sdf_pd *pd, const struct sdf_map *map)
{
    const struct sdf_region *region = &build->system->region[map->region];
    uint64_t page = region->page_size_given ? region->page_size : BOARD_PAGE;
    uint64_t top = board_stack_bottom(build->options->board, pd->stack_size);
    struct sdf_span span = { .start = map->vaddr };

    if (map->vaddr % page != 0) {
        diag_error_at(&map->pos, "invalid vaddr alignment on 'map'");
    }
    if (!add_ok(map->vaddr, region->size, &span.end)) {
        diag_error_at(&map->pos,
            "map for '%s' has address range that overflows", region->name);
    }
    if (span.end > top) {
        diag_error_at(&map->pos,
            "map for '%s' has virtual address range [0x%" PRIx64 "..0x%" PRIx64
            ") which exceeds valid address space [0x0..0x%" PRIx64 ")",
            region->name, span.start, span.end, top);
    }
    if (span.end > top - BOARD_PAGE) {
        diag_error_at(&map->pos,
            "map for '%s' covers the guard page below the stack, at 0x%" PRIx64,
            region->name, top - BOARD_PAGE);
    }
    return span;
}

static void sdf_check_maps(const struct sdf_build *build, uint32_t index)
{
    const struct sdf_pd *pd = &build->system->pd[index];
    struct sdf_span *span =
        arena_array(build->arena, pd->map_count, sizeof *span);
    const struct sdf_span *two[2];

    for (uint32_t i = 0; i < pd->map_count; i++) {
        span[i] = sdf_check_map(build, pd, &pd->map[i]);
        span[i].order = i;
    }
    if (!sdf_span_overlap(span, pd->map_count, two)) {
        return;
    }

    const struct sdf_map *map = &pd->map[two[0]->order];
    const struct sdf_map *other = &pd->map[two[1]->order];

    diag_error_at(&map->pos,
        "map for '%s' has virtual address range [0x%" PRIx64 "..0x%" PRIx64
        ") which overlaps with map for '%s' [0x%" PRIx64 "..0x%" PRIx64
        ") in protection domain '%s'",
        build->system->region[map->region].name, two[0]->start, two[0]->end,
        build->system->region[other->region].name, two[1]->start, two[1]->end,
        pd->name);
}

static void sdf_check_region_names(const struct sdf_system *system)
{
    for (uint32_t i = 0; i < system->region_count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(system->region[k].name, system->region[i].name) == 0) {
                diag_error(&system->region[i].pos,
                    "duplicate memory region name '%s'.",
                    system->region[i].name);
            }
        }
    }
}

/* The interrupt controller is the kernel's alone. */
static void sdf_check_controller(
    const struct board *board, const struct sdf_region *region)
{
    for (uint32_t i = 0; i < board->irqchip_range_count; i++) {
        const struct board_range *range = &board->irqchip_range[i];

        if (range_overlaps(
                region->phys, region->size, range->base, range->size)) {
            diag_error_at(&region->pos,
                "memory region '%s' covers the interrupt controller",
                region->name);
        }
    }
}

static bool sdf_touches_memory(
    const struct board *board, const struct sdf_region *region)
{
    for (uint32_t i = 0; i < board->memory_count; i++) {
        if (range_overlaps(region->phys, region->size, board->memory[i].base,
                board->memory[i].size)) {
            return true;
        }
    }
    return false;
}

/* One region with a physical address by itself. */
static struct sdf_span sdf_check_phys(
    const struct board *board, struct sdf_region *region)
{
    uint64_t limit = UINT64_C(1) << board->pa_bits;

    if (!range_contains(limit, region->phys, region->size)) {
        diag_error_at(&region->pos,
            "memory region '%s' lies outside the physical address space "
            "[0x0..0x%" PRIx64 ")",
            region->name, limit);
    }
    sdf_check_controller(board, region);
    region->device = !board_is_memory(board, region->phys, region->size);
    if (region->device && sdf_touches_memory(board, region)) {
        diag_error_at(&region->pos,
            "memory region '%s' is partly memory, partly not", region->name);
    }
    return (struct sdf_span){
        .start = region->phys,
        .end = region->phys + region->size,
    };
}

static void sdf_check_all_phys(const struct sdf_build *build)
{
    struct sdf_system *system = build->system;
    struct sdf_span *span =
        arena_array(build->arena, system->region_count, sizeof *span);
    const struct sdf_span *two[2];
    uint32_t count = 0;

    for (uint32_t i = 0; i < system->region_count; i++) {
        if (system->region[i].has_phys) {
            span[count] =
                sdf_check_phys(build->options->board, &system->region[i]);
            span[count++].order = i;
        }
    }
    if (!sdf_span_overlap(span, count, two)) {
        return;
    }

    const struct sdf_region *region = &system->region[two[0]->order];

    diag_error_at(&region->pos,
        "memory region '%s' physical address range [0x%" PRIx64 "..0x%" PRIx64
        ") overlaps with another memory region '%s' [0x%" PRIx64 "..0x%" PRIx64
        ")",
        region->name, two[0]->start, two[0]->end,
        system->region[two[1]->order].name, two[1]->start, two[1]->end);
}

/* Regions get the largest page that size and every address allow. */
static void sdf_choose_pages(struct sdf_system *system)
{
    for (uint32_t i = 0; i < system->region_count; i++) {
        struct sdf_region *region = &system->region[i];
        bool large = (region->size | region->phys) % BOARD_LARGE_PAGE == 0;

        if (region->page_size_given) {
            continue;
        }
        region->page_size = large ? BOARD_LARGE_PAGE : BOARD_PAGE;
    }
    for (uint32_t i = 0; i < system->pd_count; i++) {
        const struct sdf_pd *pd = &system->pd[i];

        for (uint32_t k = 0; k < pd->map_count; k++) {
            struct sdf_region *region = &system->region[pd->map[k].region];

            if (pd->map[k].vaddr % region->page_size != 0) {
                region->page_size = BOARD_PAGE;
            }
        }
    }
}

/* A prefilled region's content would be lost outside memory. */
static void sdf_check_prefill(const struct sdf_system *system)
{
    for (uint32_t i = 0; i < system->region_count; i++) {
        const struct sdf_region *region = &system->region[i];

        if (region->prefill != NULL && region->device) {
            diag_error_at(&region->pos,
                "memory region '%s' is prefilled but not in memory",
                region->name);
        }
        if (!region->used) {
            diag_warning(
                &region->pos, "unused memory region '%s'", region->name);
        }
    }
}

void sdf_check_memory(struct sdf_build *build)
{
    sdf_check_region_names(build->system);
    for (uint32_t i = 0; i < build->system->pd_count; i++) {
        sdf_check_maps(build, i);
    }
    sdf_check_all_phys(build);
    sdf_check_prefill(build->system);
    sdf_choose_pages(build->system);
}
