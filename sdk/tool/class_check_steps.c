/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and channels: regions, maps, links, in the order of the steps. */
#include "sdk/tool/class_check_parts.h"

#include <sddf/resources/device.h>

#include "base/range.h"

/* The earlier step that makes the region, or NULL. */
static const struct class_step *made_by(const struct class_checker *check,
    const struct class_step *end, const struct class_region *region)
{
    for (const struct class_step *step = check->class->steps; step != end;
         step++) {
        if (step->region == region) {
            return step;
        }
    }
    return NULL;
}

/* Is the device told where the region is? */
static bool is_told(
    const struct class_checker *check, const struct class_region *region)
{
    for (const struct class_step *step = check->class->steps;
         !class_step_is_end(step); step++) {
        if (step->map != NULL && step->map->region == region &&
            step->map->device_address) {
            return true;
        }
    }
    return false;
}

static void check_region(
    struct class_checker *check, const struct class_step *step)
{
    const struct class_region *region = step->region;
    const struct class_section *only = region->only_for;

    class_check_need(check,
        class_check_pattern(region->name, region->per_client),
        "its name must have one %%s if it is per client, else none");
    class_check_need(
        check, made_by(check, step, region) == NULL, "it is made twice");
    class_check_value(check, &region->size, !region->per_client, 8);
    class_check_need(check,
        region->dma <= (CLASS_DEVICE_READS | CLASS_DEVICE_WRITES),
        "its direction of direct access is unknown");
    class_check_need(check,
        region->dma == CLASS_NO_DMA || is_told(check, region),
        "nobody is told the address that the device uses");
    class_check_need(check,
        only == NULL ||
            (class_section_index(check->class, only) != CLASS_NOT_LISTED &&
                only->optional &&
                class_role_is_per_client(only->role) == region->per_client),
        "what it is only for is no optional section");
}

static void check_map(
    struct class_checker *check, const struct class_step *step)
{
    const struct class_map *map = step->map;

    if (!class_check_need(check,
            map->region != NULL && made_by(check, step, map->region),
            "its region is not made by an earlier step") ||
        !class_check_need(check,
            class_role_index(check->class, map->role) != CLASS_NOT_LISTED,
            "its role is not listed")) {
        return;
    }

    const struct class_wanted wanted = {
        .role = map->elsewhere ? NULL : map->role,
        .size = map->device_address ? sizeof(device_region_resource_t)
                                    : sizeof(region_resource_t),
        .per_client = class_step_is_per_client(step),
        .when = step->when,
    };

    class_check_place(check, &map->place, &wanted);
    class_check_need(check,
        !map->device_address || map->region->dma != CLASS_NO_DMA,
        "a device's address of memory that the device may not reach");
    class_check_need(check,
        !map->device_address || class_place_section(&map->place),
        "there is no place for the device's address");
    class_check_need(check,
        map->perms == CLASS_UNMAPPED || map->perms == CLASS_R ||
            map->perms == CLASS_RW,
        "its permissions are unknown");
    class_check_need(check,
        map->perms != CLASS_UNMAPPED || class_place_section(&map->place),
        "it neither maps nor tells anything");
}

static void check_connection(struct class_checker *check,
    const struct class_connection *connection, bool single)
{
    class_check_need(check,
        range_contains(connection->size, connection->id_offset, 1),
        "the channel's id is outside the connection");
    for (uint32_t i = 0; i < class_link_region_count(connection); i++) {
        const struct class_link_region *region = &connection->region[i];

        class_check_value(check, &region->size, single, 8);
        class_check_need(check,
            range_contains(
                connection->size, region->offset, sizeof(region_resource_t)),
            "region '%s' is outside the connection", region->suffix);
        for (uint32_t k = 0; k < 2; k++) {
            class_check_need(check,
                region->perms[k] == CLASS_R || region->perms[k] == CLASS_RW,
                "the permissions of region '%s' are unknown", region->suffix);
        }
    }
    if (connection->capacity_size != 0) {
        class_check_value(
            check, &connection->capacity, single, connection->capacity_size);
        class_check_need(check,
            range_contains(connection->size, connection->capacity_offset,
                connection->capacity_size),
            "the capacity is outside the connection");
    }
}

/* If a role may be absent, what links to it must be as well. */
static bool is_covered(
    const struct class_role *role, const struct class_attribute *when)
{
    return role->when == NULL || when == role->when ||
           (when != NULL && when->needs == role->when);
}

static void check_link(
    struct class_checker *check, const struct class_step *step)
{
    const struct class_link *link = step->link;
    bool per_client = class_step_is_per_client(step);

    if (!class_check_need(
            check, link->connection != NULL, "it has no connection")) {
        return;
    }
    class_check_need(check,
        class_link_region_count(link->connection) == 0 ||
            class_check_pattern(link->name, per_client),
        "its name must have one %%s if it is per client, else none");
    check_connection(check, link->connection, !per_client);
    class_check_need(check, link->end[0].role != link->end[1].role,
        "both ends are the same role");
    for (uint32_t i = 0; i < 2; i++) {
        const struct class_end *end = &link->end[i];
        const struct class_wanted wanted = {
            .role = end->role,
            .size = link->connection->size,
            .per_client = per_client,
            .when = step->when,
        };

        if (!class_check_need(check,
                class_role_index(check->class, end->role) != CLASS_NOT_LISTED,
                "the role of an end is not listed")) {
            return;
        }
        class_check_place(check, &end->place, &wanted);
        class_check_need(check, is_covered(end->role, step->when),
            "'%s' may be absent when it is made", end->role->element);
    }
}

void class_check_step(struct class_checker *check, uint32_t index)
{
    const struct class_step *step = &check->class->steps[index];
    const struct class_attribute *when = step->when;
    const char *name = step->region != NULL ? step->region->name
                       : step->link != NULL ? step->link->name
                                            : NULL;

    class_check_at(check, "step %u%s%s%s", (unsigned)index,
        name == NULL ? "" : " ('", name == NULL ? "" : name,
        name == NULL ? "" : "')");
    if (!class_check_need(check,
            (step->region != NULL) + (step->link != NULL) +
                    (step->map != NULL) ==
                1,
            "it does more than one thing") ||
        !class_check_need(check,
            when == NULL || (class_attribute_index(check->class, when) !=
                                    CLASS_NOT_LISTED &&
                                when->kind == CLASS_BOOL),
            "its condition is no yes-or-no attribute")) {
        return;
    }
    if (step->region != NULL) {
        check_region(check, step);
    } else if (step->link != NULL) {
        check_link(check, step);
    } else {
        check_map(check, step);
    }
    class_check_need(check,
        check->mistake != NULL || when == NULL || !when->client ||
            class_step_is_per_client(step),
        "there is no client for its condition");
}
