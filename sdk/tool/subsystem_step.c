/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and channels of a subsystem, in the order of the class's steps. */
#include <string.h>

#include "sdk/tool/subsystem.h"

#define SUBSYSTEM_SIZE_MAX 0x40000000u

static_assert((int)CLASS_R == (int)SDF_READ &&
                  (int)CLASS_RW == (int)(SDF_READ | SDF_WRITE),
    "permissions of classes are those of descriptions");
static_assert(sizeof(void *) == 8, "configurations hold 64-bit pointers");

/* --- Memory -------------------------------------------------------------------- */

uint32_t subsystem_add_region(
    struct subsystem *subsystem, uint64_t size, const char *name)
{
    if (size > SUBSYSTEM_SIZE_MAX) {
        xml_error(subsystem->node, "region '%s' would be too large", name);
    }
    size = (size + BOARD_PAGE - 1) & ~(uint64_t)(BOARD_PAGE - 1);
    return sdf_add_region(subsystem->build,
        arena_printf(subsystem->build->arena, "%s_%s", subsystem->prefix, name),
        size, &subsystem->node->pos);
}

/* Maps a region and tells the PD where it is, if there is a place for that. */
static void map_region(struct subsystem *subsystem, uint32_t pd,
    uint32_t region, uint32_t perms, uint8_t *place)
{
    region_resource_t resource = {
        .size = subsystem->build->system->region[region].size,
    };

    if (perms != CLASS_UNMAPPED) {
        resource.vaddr = (void *)(uintptr_t)sdf_map_anywhere(
            subsystem->build, pd, region, perms, true);
    }
    if (place != NULL) {
        memcpy(place, &resource, sizeof resource);
    }
}

static void make_region(
    struct subsystem *subsystem, struct subsystem_part *part, uint32_t step)
{
    const struct class_region *region = subsystem->class->steps[step].region;

    if (region->only_for != NULL &&
        part->section[class_section_index(
            subsystem->class, region->only_for)] == NULL) {
        return;
    }
    part->region[step] = subsystem_add_region(subsystem,
        subsystem_value(subsystem, part, &region->size),
        subsystem_name(subsystem, part, region->name));
}

static void make_map(struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_map *map)
{
    const struct subsystem_part *owner =
        map->region->per_client ? part : &subsystem->single;
    uint32_t region =
        owner->region[class_region_step(subsystem->class, map->region)];
    uint32_t pd = subsystem_pd(subsystem, part, map->role);
    uint8_t *place = subsystem_place(subsystem, part, &map->place);

    if (region == SDF_NONE || pd == SDF_NONE) {
        return;
    }
    map_region(subsystem, pd, region, map->perms, place);
    if (map->device_address && place != NULL) {
        const struct class_section *section = class_place_section(&map->place);

        subsystem_add_fixup(subsystem,
            subsystem_pd(subsystem, part, section->role), section->name,
            place + offsetof(device_region_resource_t, io_addr), region);
    }
}

/* --- Channels -------------------------------------------------------------------- */

/* Makes the channel of a link; `id` gets its ids at both ends. */
static void add_channel(struct subsystem *subsystem,
    const struct class_connection *connection, const uint32_t pd[2],
    uint32_t id[2])
{
    struct sdf_channel channel = {
        .end = {
            { .pd = pd[0], .pp = connection->call,
                .notify = !connection->call },
            { .pd = pd[1], .notify = true },
        },
        .pos = subsystem->node->pos,
    };

    for (uint32_t i = 0; i < 2; i++) {
        id[i] = sdf_free_id(subsystem->build, pd[i], &subsystem->node->pos);
        channel.end[i].id = id[i];
        channel.end[i].pos = subsystem->node->pos;
    }
    sdf_add_channel(subsystem->build, &channel);
}

/* One end of a link: its maps, and the connection in its configuration. */
static void make_end(struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_link *link,
    uint32_t end, const uint32_t *region)
{
    const struct class_connection *connection = link->connection;
    uint32_t pd = subsystem_pd(subsystem, part, link->end[end].role);
    uint8_t *place = subsystem_place(subsystem, part, &link->end[end].place);

    for (uint32_t i = 0; i < class_link_region_count(connection); i++) {
        map_region(subsystem, pd, region[i], connection->region[i].perms[end],
            place == NULL ? NULL : place + connection->region[i].offset);
    }
    if (place != NULL && connection->capacity_size != 0) {
        subsystem_store(place + connection->capacity_offset,
            connection->capacity_size,
            subsystem_value(subsystem, part, &connection->capacity));
    }
}

static void make_link(struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_link *link)
{
    const struct class_connection *connection = link->connection;
    uint32_t region[ARRAY_LEN(connection->region)];
    uint32_t pd[2];
    uint32_t id[2];

    for (uint32_t i = 0; i < class_link_region_count(connection); i++) {
        region[i] = subsystem_add_region(subsystem,
            subsystem_value(subsystem, part, &connection->region[i].size),
            arena_printf(subsystem->build->arena, "%s%s",
                subsystem_name(subsystem, part, link->name),
                connection->region[i].suffix));
    }
    for (uint32_t i = 0; i < 2; i++) {
        pd[i] = subsystem_pd(subsystem, part, link->end[i].role);
    }
    add_channel(subsystem, connection, pd, id);
    for (uint32_t i = 0; i < 2; i++) {
        uint8_t *place = subsystem_place(subsystem, part, &link->end[i].place);

        make_end(subsystem, part, link, i, region);
        if (place != NULL) {
            place[connection->id_offset] = (uint8_t)id[i];
        }
    }
}

/* --- Steps ------------------------------------------------------------------------- */

void subsystem_do_steps(
    struct subsystem *subsystem, struct subsystem_part *part)
{
    const struct class_step *step = subsystem->class->steps;

    for (uint32_t i = 0; !class_step_is_end(&step[i]); i++) {
        if (class_step_is_per_client(&step[i]) != (part->client != NULL) ||
            !subsystem_is(subsystem, part, step[i].when)) {
            continue;
        }
        if (step[i].region != NULL) {
            make_region(subsystem, part, i);
        } else if (step[i].link != NULL) {
            make_link(subsystem, part, step[i].link);
        } else {
            make_map(subsystem, part, step[i].map);
        }
    }
}
