/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_tables.c - the page tables of each protection domain and of the kernel.
 *
 * A protection domain maps its program, stack, message page and the maps of
 * the description; the kernel maps what it works on, one to one, and nothing
 * else.
 */
#include <inttypes.h>

#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"

/* Every range was checked before: a refusal is a mistake of the tool. */
static void map(
    struct vspace *space, const char *what, const struct vspace_map *range)
{
    enum vspace_result result = vspace_map(space, range);

    if (result != VSPACE_OK) {
        diag_error(NULL, "cannot map %s: [0x%" PRIx64 "..0x%" PRIx64 ") %s",
            what, range->va, range->va + range->size,
            result == VSPACE_OVERLAP ? "overlaps with another map"
                                     : "is outside the address space");
    }
}

/* Pages with content and pages of zeros lie in two places, each in order. */
static void map_segment(
    const struct build *build, struct build_pd *pd, uint32_t index)
{
    const struct program_segment *segment = &pd->program.segment[index];
    bool fresh = segment == pd->reinit.segment;
    uint64_t content = 0;
    uint64_t zero = 0;

    if (pd->content_place[index] != PLACE_NONE) {
        content = layout_pa(build, pd->content_place[index]);
    }
    if (pd->zero_place[index] != PLACE_NONE) {
        zero = layout_pa(build, pd->zero_place[index]);
    }
    for (uint64_t i = 0; i < segment->page_count; i++) {
        uint64_t *next = segment->has_content[i] && !fresh ? &content : &zero;

        map(&pd->space, pd->program.path,
            &(struct vspace_map){
                .va = segment->vaddr + i * VSPACE_PAGE,
                .pa = *next,
                .size = VSPACE_PAGE,
                .leaf = VSPACE_PAGE,
                .perms = segment->perms,
            });
        *next += VSPACE_PAGE;
    }
}

static uint32_t perms_of(
    const struct sdf_region *region, const struct sdf_map *from)
{
    uint32_t perms = VSPACE_READ;

    if (from->perms & SDF_WRITE) {
        perms |= VSPACE_WRITE;
    }
    if (from->perms & SDF_EXECUTE) {
        perms |= VSPACE_EXECUTE;
    }
    if (region->device || !from->cached) {
        perms |= VSPACE_DEVICE;
    }
    return perms;
}

static void map_region(
    const struct build *build, struct build_pd *pd, const struct sdf_map *from)
{
    const struct sdf_region *region = &build->system->region[from->region];
    const struct build_region *parts = &build->region[from->region];

    for (uint32_t i = 0; i < parts->extent_count; i++) {
        const struct extent *extent = &parts->extent[i];
        uint64_t pa = extent->place == PLACE_NONE
                          ? region->phys
                          : layout_pa(build, extent->place);

        map(&pd->space, region->name,
            &(struct vspace_map){
                .va = from->vaddr + extent->offset,
                .pa = pa,
                .size = extent->size,
                .leaf = extent->leaf,
                .perms = perms_of(region, from),
            });
    }
}

static void map_small(struct vspace *space, const char *what, uint64_t va,
    const struct place *place, uint32_t perms)
{
    map(space, what,
        &(struct vspace_map){
            .va = va,
            .pa = place->pa,
            .size = place->size,
            .leaf = VSPACE_PAGE,
            .perms = perms,
        });
}

void page_tables_build_pd(
    struct build *build, struct build_pd *pd, uint64_t base)
{
    const uint32_t rw = VSPACE_READ | VSPACE_WRITE;
    struct place buffer = {
        .pa = layout_pa(build, build->buffers_place) +
              (uint64_t)(pd - build->pd) * VSPACE_PAGE,
        .size = VSPACE_PAGE,
    };

    vspace_init(&pd->space, build->arena, build->board->model->user, base);
    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        map_segment(build, pd, i);
    }
    for (uint32_t i = 0; i < pd->sdf->map_count; i++) {
        map_region(build, pd, &pd->sdf->map[i]);
    }
    if (pd->reinit.copy_size != 0) {
        map_small(&pd->space, "reinit copy", pd->reinit.copy_va,
            &build->place[pd->reinit.place], VSPACE_READ);
    }
    map_small(&pd->space, "stack", pd->stack_bottom,
        &build->place[pd->stack_place], rw);
    map_small(&pd->space, "message page", pd->buffer_va, &buffer, rw);
}

/* What the kernel uses, where it sees it. */
static void map_kernel(
    struct build *build, uint64_t pa, uint64_t size, uint32_t perms)
{
    map(&build->kernel_space, "the kernel",
        &(struct vspace_map){
            .va = arch_kernel_va(build->board->model, pa),
            .pa = pa,
            .size = size,
            .leaf = VSPACE_PAGE,
            .perms = perms,
        });
}

void page_tables_build_kernel(struct build *build, uint64_t base)
{
    const uint32_t rw = VSPACE_READ | VSPACE_WRITE;
    const struct board *board = build->board;
    const struct place *table = &build->place[build->table_place];
    const struct place *state = &build->place[build->state_place];
    const struct place *buffers = &build->place[build->buffers_place];

    vspace_init(&build->kernel_space, build->arena, board->model->kernel, base);
    for (uint32_t i = 0; i < build->kernel.segment_count; i++) {
        const struct program_segment *segment = &build->kernel.segment[i];

        map_kernel(build, segment->pa, segment->page_count * VSPACE_PAGE,
            segment->perms);
    }
    map_kernel(build, table->pa, table->size, VSPACE_READ);
    map_kernel(build, state->pa, state->size, rw);
    map_kernel(build, buffers->pa, buffers->size, rw);
    for (uint32_t i = 0; i < board->irqchip_range_count; i++) {
        map_kernel(build, board->irqchip_range[i].base,
            board->irqchip_range[i].size, rw | VSPACE_DEVICE);
    }
    if (board->console != ABI_CONSOLE_NONE) {
        map_kernel(build, board->console_range.base, board->console_range.size,
            rw | VSPACE_DEVICE);
    }
}
