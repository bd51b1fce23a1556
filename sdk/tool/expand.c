/* SPDX-License-Identifier: BSD-2-Clause */
/* Physical addresses first, then configurations (which contain them) and their
 * script, then the XML. */
#include "sdk/tool/expand.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/range.h"
#include "sdk/tool/expand_script.h"
#include "sdk/tool/expand_xml.h"

struct expand {
    struct arena *arena;
    const struct sdf_options *options;
    struct sdf_system *system;
};

/* The end of the reserved memory below the image, from where addresses of
 * generated descriptions grow downwards. */
static uint64_t expand_phys_top(const struct board *board)
{
    uint64_t top = board->image_base;

    for (uint32_t i = 0; i < board->reserved_count; i++) {
        const struct board_range *range = &board->reserved[i];

        if (range->base + range->size <= board->image_base) {
            top = range->base + range->size;
        }
    }
    return top;
}

/* The start of a region in the way of [base, base + size); 0: none. */
static uint64_t expand_in_way(
    const struct sdf_system *system, uint64_t base, uint64_t size)
{
    for (uint32_t i = 0; i < system->region_count; i++) {
        const struct sdf_region *region = &system->region[i];

        if (region->has_phys &&
            range_overlaps(base, size, region->phys, region->size)) {
            return region->phys;
        }
    }
    return 0;
}

static void expand_place(
    const struct expand *expand, struct sdf_region *region, uint64_t *top)
{
    uint64_t align = region->page_size;
    uint64_t limit = *top;

    for (;;) {
        if (limit < region->size) {
            diag_error(&region->pos, "no physical memory left for region '%s'",
                region->name);
        }

        uint64_t base = (limit - region->size) & ~(align - 1);
        uint64_t in_way = expand_in_way(expand->system, base, region->size);

        if (in_way == 0) {
            if (!board_is_memory(expand->options->board, base, region->size)) {
                diag_error(&region->pos,
                    "no physical memory left for region '%s'", region->name);
            }
            region->has_phys = true;
            region->phys = base;
            *top = base;
            return;
        }
        limit = in_way;
    }
}

/* Gives an address to each region that a configuration names, and puts the
 * addresses there. */
static void expand_addresses(const struct expand *expand)
{
    uint64_t top = expand_phys_top(expand->options->board);

    for (uint32_t i = 0; i < expand->system->pd_count; i++) {
        struct sdf_pd *pd = &expand->system->pd[i];

        for (uint32_t k = 0; k < pd->section_count; k++) {
            struct sdf_section *section = &pd->section[k];

            for (uint32_t n = 0; n < section->fixup_count; n++) {
                struct sdf_fixup *fixup = &section->fixup[n];
                struct sdf_region *region =
                    &expand->system->region[fixup->region];
                uint64_t word;

                if (!region->has_phys) {
                    expand_place(expand, region, &top);
                }
                memcpy(&word, section->data + fixup->offset, sizeof word);
                word += region->phys;
                memcpy(section->data + fixup->offset, &word, sizeof word);
            }
        }
    }
}

void expand_write(struct arena *arena, const struct sdf_options *options,
    struct sdf_system *system, const char *directory)
{
    struct expand expand = {
        .arena = arena,
        .options = options,
        .system = system,
    };

    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        diag_error(NULL, "cannot make '%s': %s", directory, strerror(errno));
    }
    expand_addresses(&expand);
    expand_script_write(arena, &options->search, system, directory);
    expand_xml_write(arena, system);
}
