/* SPDX-License-Identifier: BSD-2-Clause */
/* Appending to a description, and choosing ids and addresses in it. */
#include "sdk/tool/sdf_build.h"

#include <inttypes.h>
#include <string.h>

#include "base/range.h"

#define SDF_FIRST_VADDR    0x20000000u
#define SDF_BUDGET_DEFAULT 1000u
#define SDF_STACK_DEFAULT  0x2000u

uint32_t sdf_find_pd(const struct sdf_build *build, const char *name)
{
    const struct sdf_system *system = build->system;

    for (uint32_t i = 0; i < system->pd_count; i++) {
        if (strcmp(system->pd[i].name, name) == 0) {
            return i;
        }
    }
    return SDF_NONE;
}

uint32_t sdf_find_region(const struct sdf_build *build, const char *name)
{
    const struct sdf_system *system = build->system;

    for (uint32_t i = 0; i < system->region_count; i++) {
        if (strcmp(system->region[i].name, name) == 0) {
            return i;
        }
    }
    return SDF_NONE;
}

uint32_t sdf_add_pd(
    struct sdf_build *build, const char *name, const struct sdf_pos *pos)
{
    struct sdf_system *system = build->system;

    system->pd = arena_room(
        build->arena, system->pd, system->pd_count, sizeof *system->pd);
    system->pd[system->pd_count] = (struct sdf_pd){
        .name = name,
        .budget_us = SDF_BUDGET_DEFAULT,
        .period_us = SDF_BUDGET_DEFAULT,
        .stack_size = SDF_STACK_DEFAULT,
        .fpu = true,
        .parent = SDF_NONE,
        .pos = *pos,
    };
    return system->pd_count++;
}

uint32_t sdf_add_region(struct sdf_build *build, const char *name,
    uint64_t size, const struct sdf_pos *pos)
{
    struct sdf_system *system = build->system;

    system->region = arena_room(build->arena, system->region,
        system->region_count, sizeof *system->region);
    system->region[system->region_count] = (struct sdf_region){
        .name = name,
        .size = size,
        .pos = *pos,
    };
    return system->region_count++;
}

void sdf_add_map(
    struct sdf_build *build, uint32_t pd, const struct sdf_map *map)
{
    struct sdf_pd *p = &build->system->pd[pd];

    p->map = arena_room(build->arena, p->map, p->map_count, sizeof *map);
    p->map[p->map_count++] = *map;
    build->system->region[map->region].used = true;
}

void sdf_add_irq(
    struct sdf_build *build, uint32_t pd, const struct sdf_irq *irq)
{
    struct sdf_pd *p = &build->system->pd[pd];

    p->irq = arena_room(build->arena, p->irq, p->irq_count, sizeof *irq);
    p->irq[p->irq_count++] = *irq;
}

void sdf_add_channel(struct sdf_build *build, const struct sdf_channel *channel)
{
    struct sdf_system *system = build->system;

    system->channel = arena_room(
        build->arena, system->channel, system->channel_count, sizeof *channel);
    system->channel[system->channel_count++] = *channel;
}

void sdf_add_section(
    struct sdf_build *build, uint32_t pd, const struct sdf_section *section)
{
    struct sdf_pd *p = &build->system->pd[pd];

    for (uint32_t i = 0; i < p->section_count; i++) {
        if (strcmp(p->section[i].name, section->name) == 0) {
            diag_error(&section->pos,
                "section '%s' of protection domain '%s' is already filled",
                section->name, p->name);
        }
    }
    p->section =
        arena_room(build->arena, p->section, p->section_count, sizeof *section);
    p->section[p->section_count++] = *section;
}

void sdf_add_setvar(struct sdf_build *build, uint32_t pd,
    const struct xml_node *node, const struct sdf_setvar *setvar)
{
    struct sdf_pd *p = &build->system->pd[pd];

    for (uint32_t i = 0; i < p->setvar_count; i++) {
        if (strcmp(p->setvar[i].symbol, setvar->symbol) == 0) {
            xml_error(
                node, "setvar on symbol '%s' already exists", setvar->symbol);
        }
    }
    p->setvar =
        arena_room(build->arena, p->setvar, p->setvar_count, sizeof *setvar);
    p->setvar[p->setvar_count] = *setvar;
    p->setvar[p->setvar_count++].pos = node->pos;
}

uint64_t sdf_used_ids(const struct sdf_build *build, uint32_t pd)
{
    const struct sdf_system *system = build->system;
    const struct sdf_pd *p = &system->pd[pd];
    uint64_t used = 0;

    for (uint32_t i = 0; i < p->irq_count; i++) {
        used |= UINT64_C(1) << p->irq[i].id;
    }
    for (uint32_t i = 0; i < system->channel_count; i++) {
        const struct sdf_end *end = system->channel[i].end;

        used |= end[0].pd == pd ? UINT64_C(1) << end[0].id : 0;
        used |= end[1].pd == pd ? UINT64_C(1) << end[1].id : 0;
    }
    return used;
}

uint32_t sdf_free_id(
    const struct sdf_build *build, uint32_t pd, const struct sdf_pos *pos)
{
    uint64_t used = sdf_used_ids(build, pd);

    for (uint32_t id = 0; id < build->id_limit; id++) {
        if ((used >> id & 1) == 0) {
            return id;
        }
    }
    diag_error(pos, "protection domain '%s' has no channel id left",
        build->system->pd[pd].name);
}

bool sdf_child_id_used(const struct sdf_build *build, uint32_t parent,
    uint32_t id, uint32_t except)
{
    const struct sdf_system *system = build->system;

    for (uint32_t i = 0; i < system->pd_count; i++) {
        if (i != except && system->pd[i].parent == parent &&
            system->pd[i].child_id == id) {
            return true;
        }
    }
    return false;
}

/* The end of a map that lies within a page of [at, at + size); 0: none. */
static uint64_t sdf_map_in_way(
    const struct sdf_build *build, uint32_t pd, uint64_t at, uint64_t size)
{
    const struct sdf_pd *p = &build->system->pd[pd];

    for (uint32_t i = 0; i < p->map_count; i++) {
        uint64_t base = p->map[i].vaddr;
        uint64_t len = build->system->region[p->map[i].region].size;

        if (base <= UINT64_MAX - len &&
            range_overlaps(
                at - BOARD_PAGE, size + 2 * (uint64_t)BOARD_PAGE, base, len)) {
            return base + len;
        }
    }
    return 0;
}

uint64_t sdf_map_anywhere(struct sdf_build *build, uint32_t pd, uint32_t region,
    uint32_t perms, bool cached)
{
    const struct sdf_region *r = &build->system->region[region];
    const struct sdf_pd *p = &build->system->pd[pd];
    uint64_t top = board_stack_bottom(build->options->board, p->stack_size);
    bool large =
        r->size % BOARD_LARGE_PAGE == 0 && r->phys % BOARD_LARGE_PAGE == 0;
    uint64_t align = large ? BOARD_LARGE_PAGE : BOARD_PAGE;
    uint64_t at = SDF_FIRST_VADDR;

    for (;;) {
        if (at >= top || r->size > top - at) {
            diag_error(&r->pos,
                "protection domain '%s' has no room to map region '%s'",
                p->name, r->name);
        }

        uint64_t end = sdf_map_in_way(build, pd, at, r->size);

        if (end == 0) {
            break;
        }
        at = (end + BOARD_PAGE + align - 1) & ~(align - 1);
    }

    struct sdf_map map = {
        .region = region,
        .vaddr = at,
        .perms = perms,
        .cached = cached,
        .pos = r->pos,
    };

    sdf_add_map(build, pd, &map);
    return at;
}
