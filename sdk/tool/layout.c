/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.c - everything that needs a physical address.
 *
 *     image_base   loader, kernel             at their link addresses
 *                  system table, page tables, \  content: in the image file,
 *                  program pages, prefill     /  in this order, first fit
 *     image end    kernel state, message pages, stacks, bss, regions:
 *                  zeroed by the loader; other free memory of the board is
 *                  used when the image's memory is full, and what the board
 *                  calls spare when that is full
 *
 * Here is the list of what there is; place.c finds the addresses.
 */
#include <inttypes.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"

uint32_t layout_add(struct build *build, const struct place *place)
{
    build->place = arena_room(
        build->arena, build->place, build->place_count, sizeof(*place));
    build->place[build->place_count] = *place;
    build->place[build->place_count].size =
        range_round_up(place->size, VSPACE_PAGE);
    if (place->align < VSPACE_PAGE) {
        build->place[build->place_count].align = VSPACE_PAGE;
    }
    return build->place_count++;
}

uint64_t layout_pa(const struct build *build, uint32_t place)
{
    return build->place[place].pa;
}

static uint32_t add_content(
    struct build *build, const char *what, const char *owner, uint64_t size)
{
    return layout_add(build,
        &(struct place){
            .what = what, .owner = owner, .size = size, .content = true });
}

static uint32_t add_zero(
    struct build *build, const char *what, const char *owner, uint64_t size)
{
    return layout_add(
        build, &(struct place){ .what = what, .owner = owner, .size = size });
}

/* --- What there is to place ----------------------------------------------- */

static void add_kernel(struct build *build)
{
    uint64_t pds = build->pd_count;
    struct build_state *state = &build->state;

    /* one more: whom channels without a right lead to */
    state->release_offset = (pds + 1) * ABI_PD_STATE_SIZE;
    state->faults_offset =
        range_round_up(state->release_offset + pds * sizeof(uint16_t), 64);
    state->size = state->faults_offset + system_table_fault_bytes(build);

    build->table_place =
        add_content(build, "system table", "kernel", system_table_bytes(build));
    build->kernel_tables_place =
        add_content(build, "page tables", "kernel", VSPACE_PAGE);
    build->state_place = add_zero(build, "state", "kernel", state->size);
    build->buffers_place =
        add_zero(build, "message pages", "kernel", pds * VSPACE_PAGE);
}

static void add_segments(struct build *build, struct build_pd *pd)
{
    const char *name = pd->sdf->name;

    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        const struct program_segment *segment = &pd->program.segment[i];
        uint64_t content = segment->content_count;

        if (segment == pd->reinit.segment) {
            content = 0;
        }

        uint64_t zero = segment->page_count - content;
        pd->content_place[i] = PLACE_NONE;
        pd->zero_place[i] = PLACE_NONE;
        if (content != 0) {
            pd->content_place[i] =
                add_content(build, "program", name, content * VSPACE_PAGE);
        }
        if (zero != 0) {
            pd->zero_place[i] =
                add_zero(build, "program bss", name, zero * VSPACE_PAGE);
        }
    }
}

static void add_tables(struct build *build, struct build_pd *pd)
{
    const char *name = pd->sdf->name;

    /* made-up addresses: only the number of tables matters here */
    page_tables_build_pd(build, pd, 0);
    pd->tables_place =
        layout_add(build, &(struct place){
                              .what = "page tables",
                              .owner = name,
                              .size = vspace_size(&pd->space),
                              .align = vspace_align(pd->space.format),
                              .content = true,
                          });
}

static void add_programs(struct build *build)
{
    for (uint32_t i = 0; i < build->pd_count; i++) {
        struct build_pd *pd = &build->pd[i];

        add_segments(build, pd);
        pd->stack_place =
            add_zero(build, "stack", pd->sdf->name, pd->sdf->stack_size);
        if (pd->reinit.copy_size != 0) {
            pd->reinit.place = add_content(
                build, "reinit copy", pd->sdf->name, pd->reinit.copy_size);
        }
    }
}

/* --- Regions --------------------------------------------------------------- */

static void mark_regions(struct build *build)
{
    const struct sdf_system *system = build->system;

    for (uint32_t i = 0; i < system->pd_count; i++) {
        const struct sdf_pd *pd = &system->pd[i];

        for (uint32_t k = 0; k < pd->map_count; k++) {
            build->region[pd->map[k].region].needed = true;
        }
        for (uint32_t k = 0; k < pd->setvar_count; k++) {
            if (pd->setvar[k].kind == SDF_SETVAR_PADDR) {
                build->region[pd->setvar[k].region].needed = true;
                build->region[pd->setvar[k].region].paddr_known = true;
            }
        }
        for (uint32_t k = 0; k < pd->section_count; k++) {
            for (uint32_t f = 0; f < pd->section[k].fixup_count; f++) {
                uint32_t region = pd->section[k].fixup[f].region;

                build->region[region].needed = true;
                build->region[region].paddr_known = true;
            }
        }
    }
}

static void add_extent(
    struct build_region *region, uint64_t size, uint64_t leaf, uint32_t place)
{
    const struct extent *last = &region->extent[region->extent_count];
    uint64_t offset = 0;

    if (region->extent_count > 0) {
        offset = last[-1].offset + last[-1].size;
    }
    region->extent[region->extent_count++] = (struct extent){
        .offset = offset,
        .size = size,
        .leaf = leaf,
        .place = place,
    };
}

/* Content, in as many pages as it needs; the rest is zeroed memory, with
 * large leaves from the next large boundary on. */
static void split_region(struct build *build, const struct sdf_region *from,
    struct build_region *region)
{
    uint64_t content = range_round_up(from->prefill_size, VSPACE_PAGE);
    uint64_t rest = from->size - content;

    add_extent(region, content, VSPACE_PAGE,
        add_content(build, "prefill", from->name, content));
    if (rest != 0 && from->page_size == VSPACE_LARGE) {
        uint64_t small = range_round_up(content, VSPACE_LARGE) - content;

        if (small != 0) {
            add_extent(region, small, VSPACE_PAGE,
                add_zero(build, "region", from->name, small));
            rest -= small;
        }
    }
    if (rest != 0) {
        struct place place = {
            .what = "region",
            .owner = from->name,
            .size = rest,
            .align = from->page_size,
        };

        add_extent(region, rest, from->page_size, layout_add(build, &place));
    }
}

/* One piece of memory, at a given place or where the tool likes. */
static void whole_region(struct build *build, const struct sdf_region *from,
    struct build_region *region)
{
    bool content = from->prefill != NULL;
    uint64_t leaf = from->page_size;
    struct place place = {
        .what = content ? "prefill" : "region",
        .owner = from->name,
        .size = from->size,
        .content = content,
        .fixed = from->has_phys,
        .pa = from->has_phys ? from->phys : 0,
    };

    if (content && !from->page_size_given && !from->has_phys) {
        leaf = VSPACE_PAGE; /* no gap of up to 2 MiB in the image */
    }
    place.align = leaf;
    add_extent(region, from->size, leaf, layout_add(build, &place));
}

static void add_region(
    struct build *build, struct sdf_region *from, struct build_region *region)
{
    if (!region->needed) {
        return;
    }
    if (from->page_size == 0) {
        from->page_size = VSPACE_PAGE;
    }
    if (from->has_phys && !from->device) {
        whole_region(build, from, region);
    } else if (from->has_phys) {
        if (from->prefill != NULL) {
            diag_error(&from->pos,
                "memory region '%s' is a device: it cannot be prefilled",
                from->name);
        }
        add_extent(region, from->size, from->page_size, PLACE_NONE);
    } else if (from->prefill != NULL && !region->paddr_known) {
        split_region(build, from, region);
    } else {
        whole_region(build, from, region);
    }
}

static void add_regions(struct build *build)
{
    struct sdf_system *system = build->system;

    build->region = arena_array(
        build->arena, system->region_count + 1u, sizeof(*build->region));
    mark_regions(build);
    for (uint32_t i = 0; i < system->region_count; i++) {
        add_region(build, &system->region[i], &build->region[i]);
    }
}

static void set_region_addresses(struct build *build)
{
    for (uint32_t i = 0; i < build->system->region_count; i++) {
        const struct build_region *region = &build->region[i];

        if (region->extent_count > 0 && region->extent[0].place != PLACE_NONE) {
            build->system->region[i].phys =
                layout_pa(build, region->extent[0].place);
        }
    }
}

void layout_build(struct build *build)
{
    add_regions(build);
    place_check_fixed(build);
    add_kernel(build);
    add_programs(build);
    for (uint32_t i = 0; i < build->pd_count; i++) {
        add_tables(build, &build->pd[i]);
    }
    place_build(build);
    set_region_addresses(build);
}
