/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting and searching in the tables of a class. */
#include "sdk/tool/class_table.h"

#include "base/attr.h"

/* Lists of pointers end with NULL; an absent list is empty. */
static uint32_t class_count(const void *const *list)
{
    uint32_t count = 0;

    while (list != NULL && list[count] != NULL) {
        count++;
    }
    return count;
}

static uint32_t class_index(const void *const *list, const void *wanted)
{
    uint32_t count = class_count(list);

    for (uint32_t i = 0; i < count; i++) {
        if (list[i] == wanted) {
            return i;
        }
    }
    return CLASS_NOT_LISTED;
}

uint32_t class_attribute_count(const struct class *class)
{
    return class_count((const void *const *)class->attributes);
}

uint32_t class_role_count(const struct class *class)
{
    return class_count((const void *const *)class->roles);
}

uint32_t class_section_count(const struct class *class)
{
    return class_count((const void *const *)class->sections);
}

uint32_t class_list_count(const struct class *class)
{
    return class_count((const void *const *)class->lists);
}

uint32_t class_step_count(const struct class *class)
{
    uint32_t count = 0;

    while (!class_step_is_end(&class->steps[count])) {
        count++;
    }
    return count;
}

uint32_t class_attribute_index(
    const struct class *class, const struct class_attribute *attribute)
{
    return class_index((const void *const *)class->attributes, attribute);
}

uint32_t class_role_index(
    const struct class *class, const struct class_role *role)
{
    return class_index((const void *const *)class->roles, role);
}

uint32_t class_section_index(
    const struct class *class, const struct class_section *section)
{
    return class_index((const void *const *)class->sections, section);
}

uint32_t class_list_index(
    const struct class *class, const struct class_list *list)
{
    return class_index((const void *const *)class->lists, list);
}

uint32_t class_region_step(
    const struct class *class, const struct class_region *region)
{
    for (uint32_t i = 0; !class_step_is_end(&class->steps[i]); i++) {
        if (class->steps[i].region == region) {
            return i;
        }
    }
    return CLASS_NOT_LISTED;
}

bool class_role_is_per_client(const struct class_role *role)
{
    return role != NULL &&
           (role->kind == CLASS_PER_CLIENT || role->kind == CLASS_CLIENT);
}

const struct class_section *class_place_section(const struct class_place *place)
{
    return place->list != NULL ? place->list->section : place->section;
}

bool class_step_is_end(const struct class_step *step)
{
    return step->region == NULL && step->link == NULL && step->map == NULL;
}

bool class_step_is_per_client(const struct class_step *step)
{
    if (step->region != NULL) {
        return step->region->per_client;
    }
    if (step->map != NULL) {
        return step->map->region->per_client ||
               class_role_is_per_client(step->map->role);
    }
    return class_role_is_per_client(step->link->end[0].role) ||
           class_role_is_per_client(step->link->end[1].role);
}

uint32_t class_link_region_count(const struct class_connection *connection)
{
    uint32_t count = 0;

    while (count < ARRAY_LEN(connection->region) &&
           connection->region[count].suffix != NULL) {
        count++;
    }
    return count;
}
