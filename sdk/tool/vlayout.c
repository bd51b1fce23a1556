/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vlayout.c - the virtual addresses of a protection domain.
 *
 *     user top   +-----------------+
 *                | message page    |
 *                +- - - - - - - - -+
 *                | unmapped page   |
 *                +-----------------+ stack_top
 *                | stack           |
 *                +-----------------+ stack_bottom
 *                | unmapped page   |
 *                +-----------------+
 *                | reinit copy     | only with reinit="true", read-only
 *                +-----------------+
 *                | unmapped page   |
 *                +- - - - - - - - -+ maps and the program end below
 *                | maps            |
 *                | program         | 0x200000 with microkit.ld
 *     0          +-----------------+
 */
#include <inttypes.h>

#include "base/range.h"
#include "sdk/tool/build.h"
#include "sdk/tool/diag.h"

/* The part of the writable segment that has content is copied at each start;
 * the segment itself becomes plain zeroed memory. */
static void place_reinit(struct build_pd *pd)
{
    struct build_reinit *reinit = &pd->reinit;
    struct program_segment *segment = NULL;
    uint64_t pages = 0;

    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        if (!(pd->program.segment[i].perms & VSPACE_WRITE)) {
            continue;
        }
        if (segment != NULL) {
            diag_error(&pd->sdf->pos,
                "reinit: program '%s' of PD '%s' has more than one writable "
                "segment",
                pd->program.path, pd->sdf->name);
        }
        segment = &pd->program.segment[i];
    }
    if (segment == NULL) {
        return;
    }
    for (uint64_t i = 0; i < segment->page_count; i++) {
        pages = segment->has_content[i] ? i + 1 : pages;
    }
    reinit->segment = segment;
    reinit->size = pages * VSPACE_PAGE;
    reinit->copy_size = reinit->size;
    reinit->copy_va = pd->stack_bottom - VSPACE_PAGE - reinit->copy_size;
}

static uint64_t lowest_of_stack(const struct build_pd *pd)
{
    uint64_t lowest =
        pd->reinit.segment != NULL ? pd->reinit.copy_va : pd->stack_bottom;

    return lowest - VSPACE_PAGE;
}

static void check_program(const struct build_pd *pd, uint64_t limit)
{
    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        const struct program_segment *segment = &pd->program.segment[i];
        uint64_t size = segment->page_count * VSPACE_PAGE;

        if (segment->vaddr > limit || size > limit - segment->vaddr) {
            diag_error(&pd->sdf->pos,
                "%s: segment at 0x%" PRIx64 " reaches above 0x%" PRIx64
                ", where the stack of PD '%s' begins",
                pd->program.path, segment->elf_vaddr, limit, pd->sdf->name);
        }
        if (segment->vaddr == 0) {
            diag_error(&pd->sdf->pos,
                "%s: segment at address 0: null pointers could not fault",
                pd->program.path);
        }
    }
}

static void check_map(const struct build *build, const struct build_pd *pd,
    const struct sdf_map *map, uint64_t limit)
{
    const struct sdf_region *region = &build->system->region[map->region];
    uint64_t end = map->vaddr + region->size;

    if (end > limit) {
        diag_error(&map->pos,
            "mapping MR '%s' to PD '%s' with vaddr [0x%" PRIx64 "..0x%" PRIx64
            ") reaches above 0x%" PRIx64 ", where its stack begins",
            region->name, pd->sdf->name, map->vaddr, end, limit);
    }
    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        const struct program_segment *segment = &pd->program.segment[i];
        uint64_t size = segment->page_count * VSPACE_PAGE;

        if (range_overlaps(map->vaddr, region->size, segment->vaddr, size)) {
            diag_error(&map->pos,
                "mapping MR '%s' to PD '%s' with vaddr [0x%" PRIx64
                "..0x%" PRIx64 ") will overlap with an ELF segment at "
                "[0x%" PRIx64 "..0x%" PRIx64 ")",
                region->name, pd->sdf->name, map->vaddr, end, segment->vaddr,
                segment->vaddr + size);
        }
    }
}

void vlayout_build(struct build *build)
{
    for (uint32_t i = 0; i < build->pd_count; i++) {
        struct build_pd *pd = &build->pd[i];
        const struct sdf_pd *sdf = pd->sdf;

        pd->buffer_va = board_buffer_vaddr(build->board);
        pd->stack_bottom = board_stack_bottom(build->board, sdf->stack_size);
        pd->stack_top = pd->stack_bottom + sdf->stack_size;
        if (sdf->reinit) {
            place_reinit(pd);
        }

        uint64_t limit = lowest_of_stack(pd);
        check_program(pd, limit);
        for (uint32_t k = 0; k < sdf->map_count; k++) {
            check_map(build, pd, &sdf->map[k], limit);
            if (sdf->map[k].perms == (SDF_READ | SDF_WRITE | SDF_EXECUTE)) {
                diag_warning(&sdf->map[k].pos,
                    "PD '%s' maps '%s' writable and executable", sdf->name,
                    build->system->region[sdf->map[k].region].name);
            }
        }
    }
}
