/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.c - physical addresses of everything.
 *
 *     image_base   loader, kernel             at their link addresses
 *                  system table, page tables, \  content: in the image file,
 *                  program pages, prefill     /  in this order, first fit
 *     image end    kernel state, message pages, stacks, bss, regions:
 *                  zeroed by the loader; other free memory of the board is
 *                  used when the image's memory is full
 *
 * Regions with phys_addr stay where the description says, and nothing else
 * comes there, nor into the board's reserved ranges.  First fit in a fixed
 * order makes the result a function of the input.
 *
 * How many page tables the kernel needs depends on addresses, and addresses
 * on how many page tables there are: placing is repeated until both agree.
 */
#include <inttypes.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"
#include "sdk/tool/phys.h"

#define PLACING_ROUNDS 8

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

/* --- Where it goes ---------------------------------------------------------- */

/* Regions with a fixed place: inside memory, clear of loader and kernel. */
static void check_fixed(const struct build *build)
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
    phys_remove(phys, board->image_base, build->kernel_end - board->image_base);
    for (uint32_t i = 0; i < build->place_count; i++) {
        if (build->place[i].fixed) {
            phys_remove(phys, build->place[i].pa, build->place[i].size);
        }
    }
}

NORETURN static void no_room(const struct place *place)
{
    diag_error(NULL,
        "not enough memory: no room for %s of '%s', %" PRIu64 " KiB",
        place->what, place->owner, place->size / 1024);
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
            if (phys_take(
                    phys, place->size, place->align, inside, &place->pa)) {
                continue;
            }
            if (content ||
                !phys_take(phys, place->size, place->align,
                    (struct phys_range){ 0, UINT64_MAX }, &place->pa)) {
                no_room(place);
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
    uint32_t rounds = 0;

    add_regions(build);
    check_fixed(build);
    add_kernel(build);
    add_programs(build);
    for (uint32_t i = 0; i < build->pd_count; i++) {
        add_tables(build, &build->pd[i]);
    }
    while (!place_kernel_tables(build)) {
        if (++rounds == PLACING_ROUNDS) {
            diag_error(NULL, "cannot place the kernel's page tables");
        }
    }
    set_region_addresses(build);
}
