/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters: a page for every PD whose program has a place for its address,
 * shown read-only to the PDs that <stats pd> names. */
#include <sddf/util/stats.h>

#include "sdk/tool/subsystem.h"

#define STATS_SECTION ".stats_config"

/* The page of a PD that counts; returns its region. */
static uint32_t stats_add_page(struct sdf_build *build, uint32_t pd)
{
    struct sdf_pd *p = &build->system->pd[pd];
    struct stats_config *config = arena_alloc(build->arena, sizeof *config);
    uint32_t region =
        sdf_add_region(build, arena_printf(build->arena, "stats_%s", p->name),
            STATS_PAGE_SIZE, &p->pos);
    struct sdf_section section = {
        .name = STATS_SECTION,
        .data = (uint8_t *)config,
        .size = sizeof *config,
        .pos = p->pos,
    };

    config->magic = STATS_MAGIC;
    config->vaddr =
        sdf_map_anywhere(build, pd, region, SDF_READ | SDF_WRITE, true);
    sdf_add_section(build, pd, &section);
    return region;
}

/* Maps all pages into one observer. */
static void stats_add_observer(struct sdf_build *build, uint32_t pd,
    const uint32_t *region, uint32_t count)
{
    struct stats_observer_config *config =
        arena_alloc(build->arena, sizeof *config);
    struct sdf_section section = {
        .name = ".stats_observer_config",
        .data = (uint8_t *)config,
        .size = sizeof *config,
        .pos = build->system->pd[pd].pos,
    };

    config->magic = STATS_MAGIC;
    config->count = count;
    for (uint32_t i = 0; i < count; i++) {
        config->vaddr[i] =
            sdf_map_anywhere(build, pd, region[i], SDF_READ, true);
    }
    sdf_add_section(build, pd, &section);
}

void subsystem_add_stats(struct sdf_build *build)
{
    uint32_t region[STATS_OBSERVED_MAX];
    uint32_t count = 0;

    if (build->stats_pd_count == 0) {
        return;
    }
    for (uint32_t i = 0; i < build->system->pd_count; i++) {
        if (!subsystem_program_has_section(
                build, build->system->pd[i].program, STATS_SECTION)) {
            continue;
        }
        if (count == STATS_OBSERVED_MAX) {
            diag_warning(&build->system->pd[i].pos,
                "only %u components can be observed",
                (unsigned)STATS_OBSERVED_MAX);
            break;
        }
        region[count++] = stats_add_page(build, i);
    }
    for (uint32_t i = 0; i < build->stats_pd_count; i++) {
        bool again = false;

        for (uint32_t k = 0; k < i; k++) {
            again |= build->stats_pd[k] == build->stats_pd[i];
        }
        if (!again) {
            stats_add_observer(build, build->stats_pd[i], region, count);
        }
    }
}
