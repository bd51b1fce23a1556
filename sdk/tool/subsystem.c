/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The <subsystem> element: which class it is of, what is written in it, and
 * the order in which things are made.
 *
 * PDs and configurations come before what is stored in them.  The single part
 * comes first, then client after client, so that a client's ids and addresses
 * do not depend on the clients behind it.
 */
#include "sdk/tool/subsystem.h"

#include <inttypes.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/class_check.h"

/* --- What is written in the element ---------------------------------------- */

/* The class, or an error that lists those that there are. */
static const struct class *find_class(
    const struct sdf_build *build, const struct xml_node *node)
{
    const char *name = xml_attr_required(node, "class");
    const char *known = NULL;

    for (uint32_t i = 0; class_all[i] != NULL; i++) {
        if (strcmp(class_all[i]->name, name) == 0) {
            return class_all[i];
        }
        known =
            arena_printf(build->arena, "%s%s'%s'", known == NULL ? "" : known,
                known == NULL ? "" : ", ", class_all[i]->name);
    }
    xml_error(node, "class '%s' is unknown; there are %s", name,
        known == NULL ? "none" : known);
}

/* An array with an item for each of the class's; all bits of the items set. */
static uint32_t *none(const struct subsystem *subsystem, uint32_t count)
{
    uint32_t *array =
        arena_array(subsystem->build->arena, count, sizeof *array);

    for (uint32_t i = 0; i < count; i++) {
        array[i] = SDF_NONE;
    }
    return array;
}

static struct subsystem_part new_part(const struct subsystem *subsystem,
    const struct xml_node *node, const char *client)
{
    const struct class *class = subsystem->class;
    struct arena *arena = subsystem->build->arena;

    return (struct subsystem_part){
        .node = node,
        .client = client,
        .value = arena_array(arena, class_attribute_count(class),
            sizeof(struct subsystem_value)),
        .pd = none(subsystem, class_role_count(class)),
        .section =
            arena_array(arena, class_section_count(class), sizeof(uint8_t *)),
        .entry = none(subsystem, class_list_count(class)),
        .region = none(subsystem, class_step_count(class)),
    };
}

static void add_stats(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd)
{
    static const char *const names[] = { "pd", NULL };

    xml_attr_only(node, names);
    build->stats_pd = arena_room(build->arena, build->stats_pd,
        build->stats_pd_count, sizeof *build->stats_pd);
    build->stats_pd[build->stats_pd_count++] = pd;
}

/* <client> or <stats>: both name a PD. */
static void add_client(struct subsystem *subsystem, const struct xml_node *node)
{
    struct sdf_build *build = subsystem->build;
    const char *name = xml_attr_required(node, "pd");
    uint32_t pd = sdf_find_pd(build, name);

    if (pd == SDF_NONE) {
        xml_error(node, "invalid PD name '%s'", name);
    }
    xml_no_children(node);
    if (xml_is(node, "stats")) {
        add_stats(build, node, pd);
        return;
    }
    for (uint32_t i = 0; i < subsystem->client_count; i++) {
        if (strcmp(subsystem->client[i].client, name) == 0) {
            xml_error(node, "PD '%s' is already a client", name);
        }
    }
    if (subsystem->client_count == subsystem->class->clients_max) {
        xml_error(node, "too many clients");
    }
    subsystem->client = arena_room(build->arena, subsystem->client,
        subsystem->client_count, sizeof *subsystem->client);
    subsystem->client[subsystem->client_count++] =
        new_part(subsystem, node, name);
}

/* Attributes and elements that this class does not have are errors. */
static void read_element(struct subsystem *subsystem)
{
    static const char *const common[] = { "class", "name", NULL };
    static const char *const of_device[] = { "class", "name", "device",
        "driver", NULL };
    static const char *const of_client[] = { "pd", NULL };
    bool device = false;

    for (uint32_t i = 0; i < class_role_count(subsystem->class); i++) {
        device |= subsystem->class->roles[i]->kind == CLASS_DRIVER;
    }
    subsystem->single = new_part(subsystem, subsystem->node, NULL);
    subsystem_read_attributes(
        subsystem, &subsystem->single, device ? of_device : common);
    for (const struct xml_node *child = subsystem->node->child; child != NULL;
         child = child->next) {
        subsystem_check_element(subsystem, child);
    }
    for (const struct xml_node *child = subsystem->node->child; child != NULL;
         child = child->next) {
        if (xml_is(child, "client") || xml_is(child, "stats")) {
            add_client(subsystem, child);
        }
    }
    if (subsystem->client_count == 0) {
        xml_error(subsystem->node, "a subsystem needs at least one client");
    }
    for (uint32_t i = 0; i < subsystem->client_count; i++) {
        subsystem_read_attributes(subsystem, &subsystem->client[i], of_client);
    }
}

/* --- Limits ------------------------------------------------------------------ */

static void check_limits(const struct subsystem *subsystem)
{
    const struct class_limit *limit = subsystem->class->limits;

    for (; limit != NULL && limit->what != NULL; limit++) {
        uint64_t sum = 0;

        for (uint32_t i = 0; i < subsystem->client_count; i++) {
            uint64_t each =
                subsystem_value(subsystem, &subsystem->client[i], &limit->each);

            if (!add_ok(sum, each, &sum)) {
                sum = UINT64_MAX;
            }
        }
        if (sum > limit->max) {
            xml_error(subsystem->node,
                "the clients need %" PRIu64 " %s; there can be %" PRIu64, sum,
                limit->what, limit->max);
        }
    }
}

/* --- Expansion ---------------------------------------------------------------- */

static void expand_part(
    struct subsystem *subsystem, struct subsystem_part *part)
{
    subsystem_make_roles(subsystem, part);
    subsystem_make_sections(subsystem, part);
    subsystem_fill_sections(subsystem, part);
    subsystem_do_steps(subsystem, part);
}

static void expand_subsystem(
    struct sdf_build *build, const struct sdf_pending *pending)
{
    const struct class *class = find_class(build, pending->node);
    const char *name = xml_attr(pending->node, "name");
    struct subsystem subsystem = {
        .build = build,
        .node = pending->node,
        .class = class,
        .parent = pending->parent,
        .prefix = name == NULL ? class->name : name,
        .drivers = arena_printf(
            build->arena, "%s/%s", build->options->drivers, class->drivers),
    };

    read_element(&subsystem);
    check_limits(&subsystem);
    expand_part(&subsystem, &subsystem.single);
    for (uint32_t i = 0; i < subsystem.client_count; i++) {
        expand_part(&subsystem, &subsystem.client[i]);
    }
}

void sdf_expand_subsystems(struct sdf_build *build)
{
    const char *mistake = class_check_list(build->arena, class_all);

    if (mistake != NULL) {
        diag_error(NULL, "%s", mistake);
    }
    for (uint32_t i = 0; i < build->pending_count; i++) {
        expand_subsystem(build, &build->pending[i]);
    }
    subsystem_add_stats(build);
}
