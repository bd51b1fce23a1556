/* SPDX-License-Identifier: BSD-2-Clause */
/* The <subsystem> element, and the tools that every class uses. */
#include "sdk/tool/subsystem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sdk/tool/number.h"

#define SUBSYSTEM_SIZE_MAX 0x40000000u

static_assert(sizeof(void *) == 8, "configurations hold 64-bit pointers");

static const struct {
    const char *name;
    const char *directory; /* of drivers, as sDDF calls it */
    void (*expand)(struct subsystem *subsystem);
    const char *attribute[5]; /* besides the common ones */
    const char *element[5];
} subsystem_class[] = {
    { "serial", "serial", subsystem_serial,
        { "rx", "colour", "switch_char", "begin", "baud" },
        { "driver", "virt_rx", "virt_tx", "client", "stats" } },
    { "timer", "timer", subsystem_timer, { NULL },
        { "driver", "client", "stats" } },
    { "net", "network", subsystem_net, { "buffers" },
        { "driver", "virt_rx", "virt_tx", "client", "copier" } },
};

const struct xml_node *subsystem_element(
    const struct subsystem *subsystem, const char *name)
{
    for (const struct xml_node *node = subsystem->node->child; node != NULL;
         node = node->next) {
        if (xml_is(node, name)) {
            return node;
        }
    }
    return NULL;
}

/* Child ids that elements of subsystems below the same parent ask for. */
static uint64_t subsystem_asked_ids(const struct subsystem *subsystem)
{
    const struct sdf_build *build = subsystem->build;
    uint64_t asked = 0;

    for (uint32_t i = 0; i < build->pending_count; i++) {
        if (build->pending[i].parent != subsystem->parent) {
            continue;
        }
        for (const struct xml_node *node = build->pending[i].node->child;
             node != NULL; node = node->next) {
            if (xml_attr(node, "id") != NULL) {
                asked |= UINT64_C(1)
                         << number_attr_id(node, "id", build->id_limit);
            }
        }
    }
    return asked;
}

/* The child id: the one asked for, or the lowest that nobody wants. */
static uint32_t subsystem_child_id(
    const struct subsystem *subsystem, const struct xml_node *element)
{
    const struct sdf_build *build = subsystem->build;
    uint32_t parent = subsystem->parent;

    if (element != NULL && xml_attr(element, "id") != NULL) {
        uint32_t id = number_attr_id(element, "id", build->id_limit);

        if (sdf_child_id_used(build, parent, id, SDF_NONE)) {
            diag_error_at(&element->pos,
                "duplicate id: %" PRIu32 " in protection domain: '%s'", id,
                build->system->pd[parent].name);
        }
        return id;
    }

    uint64_t asked = subsystem_asked_ids(subsystem);

    for (uint32_t id = 0; id < build->id_limit; id++) {
        if ((asked >> id & 1) == 0 &&
            !sdf_child_id_used(build, parent, id, SDF_NONE)) {
            return id;
        }
    }
    diag_error(&subsystem->node->pos,
        "protection domain '%s' has no child id left",
        build->system->pd[parent].name);
}

/* Attributes of a role's element; id and setvar_id only below a parent. */
static void subsystem_attributes(const struct subsystem *subsystem,
    const struct xml_node *element, struct sdf_pd *pd)
{
    static const char *const names[] = { "priority", "budget", "period",
        "passive", "stack_size", "smc", "cpu", "domain", "fpu", "reinit",
        "program", NULL };
    static const char *const child_names[] = { "priority", "budget", "period",
        "passive", "stack_size", "smc", "cpu", "domain", "fpu", "reinit",
        "program", "id", "setvar_id", NULL };

    xml_attr_only(
        element, subsystem->parent == SDF_NONE || xml_is(element, "copier")
                     ? names
                     : child_names);
    xml_no_children(element);
    sdf_parse_pd_attributes(subsystem->build, element, pd);
    if (xml_attr(element, "program") != NULL) {
        pd->program = xml_attr(element, "program");
    }
}

uint32_t subsystem_add_pd(
    struct subsystem *subsystem, const struct subsystem_role *role)
{
    struct sdf_build *build = subsystem->build;
    const struct xml_node *element =
        subsystem_element(subsystem, role->element);
    const struct sdf_pos *pos =
        element == NULL ? &subsystem->node->pos : &element->pos;
    const char *name =
        arena_printf(build->arena, "%s_%s", subsystem->prefix, role->suffix);
    uint32_t index = sdf_add_pd(build, name, pos);
    struct sdf_pd *pd = &build->system->pd[index];

    pd->program = role->program;
    pd->priority = role->priority;
    pd->passive = role->passive;
    pd->fpu = false; /* ours are built without floating-point registers */
    if (element != NULL) {
        subsystem_attributes(subsystem, element, pd);
    }
    if (subsystem->parent == SDF_NONE) {
        return index;
    }
    pd->child_id = subsystem_child_id(subsystem, element);
    pd->parent = subsystem->parent;
    if (element != NULL && xml_attr(element, "setvar_id") != NULL) {
        struct sdf_setvar setvar = {
            .symbol = xml_attr(element, "setvar_id"),
            .kind = SDF_SETVAR_ID,
            .value = pd->child_id,
        };

        sdf_add_setvar(build, subsystem->parent, element, &setvar);
    }
    return index;
}

uint32_t subsystem_add_region(
    struct subsystem *subsystem, uint64_t size, const char *format, ...)
{
    struct arena *arena = subsystem->build->arena;
    va_list args;

    va_start(args, format);
    const char *name = arena_vprintf(arena, format, args);
    va_end(args);
    size = (size + BOARD_PAGE - 1) & ~(uint64_t)(BOARD_PAGE - 1);
    if (size > SUBSYSTEM_SIZE_MAX) {
        xml_error(subsystem->node, "region '%s' would be too large", name);
    }
    return sdf_add_region(subsystem->build,
        arena_printf(arena, "%s_%s", subsystem->prefix, name), size,
        &subsystem->node->pos);
}

region_resource_t subsystem_map(
    struct subsystem *subsystem, uint32_t pd, uint32_t region, uint32_t perms)
{
    uint64_t vaddr =
        sdf_map_anywhere(subsystem->build, pd, region, perms, true);

    return (region_resource_t){
        .vaddr = (void *)(uintptr_t)vaddr,
        .size = subsystem->build->system->region[region].size,
    };
}

static void subsystem_add_channel(
    struct subsystem *subsystem, struct sdf_channel *channel, uint8_t id[2])
{
    for (uint32_t i = 0; i < 2; i++) {
        channel->end[i].id = sdf_free_id(
            subsystem->build, channel->end[i].pd, &subsystem->node->pos);
        id[i] = (uint8_t)channel->end[i].id;
        channel->end[i].pos = subsystem->node->pos;
    }
    channel->pos = subsystem->node->pos;
    sdf_add_channel(subsystem->build, channel);
}

void subsystem_connect(
    struct subsystem *subsystem, uint32_t a, uint32_t b, uint8_t id[2])
{
    struct sdf_channel channel = {
        .end = { { .pd = a, .notify = true }, { .pd = b, .notify = true } },
    };

    subsystem_add_channel(subsystem, &channel, id);
}

void subsystem_connect_call(
    struct subsystem *subsystem, uint32_t a, uint32_t b, uint8_t id[2])
{
    struct sdf_channel channel = {
        .end = { { .pd = a, .pp = true }, { .pd = b, .notify = true } },
    };

    subsystem_add_channel(subsystem, &channel, id);
}

void subsystem_add_section(struct subsystem *subsystem, uint32_t pd,
    const char *name, void *data, size_t size)
{
    struct sdf_section section = {
        .name = name,
        .data = data,
        .size = (uint32_t)size,
        .pos = subsystem->node->pos,
    };

    sdf_add_section(subsystem->build, pd, &section);
}

void subsystem_add_fixup(struct subsystem *subsystem, uint32_t pd,
    const char *section, const void *word, uint32_t region)
{
    struct sdf_pd *p = &subsystem->build->system->pd[pd];

    for (uint32_t i = 0; i < p->section_count; i++) {
        struct sdf_section *s = &p->section[i];

        if (strcmp(s->name, section) != 0) {
            continue;
        }

        struct sdf_fixup fixup = {
            .offset = (uint32_t)((const uint8_t *)word - s->data),
            .region = region,
        };

        s->fixup = arena_room(
            subsystem->build->arena, s->fixup, s->fixup_count, sizeof fixup);
        s->fixup[s->fixup_count++] = fixup;
        subsystem->build->system->region[region].used = true;
    }
}

/* Elements that several classes share. */
static void subsystem_client(
    struct subsystem *subsystem, const struct xml_node *node)
{
    struct sdf_build *build = subsystem->build;
    const char *name = xml_attr_required(node, "pd");
    uint32_t pd = sdf_find_pd(build, name);

    if (pd == SDF_NONE) {
        xml_error(node, "invalid PD name '%s'", name);
    }
    xml_no_children(node);
    if (xml_is(node, "stats")) {
        static const char *const names[] = { "pd", NULL };

        xml_attr_only(node, names);
        build->stats_pd = arena_room(build->arena, build->stats_pd,
            build->stats_pd_count, sizeof *build->stats_pd);
        build->stats_pd[build->stats_pd_count++] = pd;
        return;
    }
    for (uint32_t i = 0; i < subsystem->client_count; i++) {
        if (subsystem->client[i].pd == pd) {
            xml_error(node, "PD '%s' is already a client", name);
        }
    }
    subsystem->client = arena_room(build->arena, subsystem->client,
        subsystem->client_count, sizeof *subsystem->client);
    subsystem->client[subsystem->client_count++] = (struct subsystem_client){
        .node = node,
        .pd = pd,
        .name = name,
    };
}

static bool subsystem_in(
    const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] != NULL && strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Attributes and elements that this class does not have are errors. */
static void subsystem_check_form(
    const struct subsystem *subsystem, size_t class_index)
{
    static const char *const common[] = { "class", "device", "driver", "name" };
    const struct xml_node *node = subsystem->node;

    for (uint32_t i = 0; i < node->attribute_count; i++) {
        const char *name = node->attribute[i].name;

        if (!subsystem_in(common, ARRAY_LEN(common), name) &&
            !subsystem_in(subsystem_class[class_index].attribute, 5, name)) {
            xml_error(node, "invalid attribute '%s'", name);
        }
    }
    for (const struct xml_node *child = node->child; child != NULL;
         child = child->next) {
        if (!subsystem_in(
                subsystem_class[class_index].element, 5, child->name) &&
            !xml_is(child, "stats")) {
            xml_unknown(child);
        }
        if (!xml_is(child, "client") && !xml_is(child, "stats") &&
            subsystem_element(subsystem, child->name) != child) {
            xml_error(child, "'%s' must only be specified once", child->name);
        }
    }
}

static void subsystem_expand(
    struct sdf_build *build, const struct sdf_pending *pending)
{
    const struct xml_node *node = pending->node;
    const char *class_name = xml_attr_required(node, "class");
    const char *name = xml_attr(node, "name");
    struct subsystem subsystem = {
        .build = build,
        .node = node,
        .parent = pending->parent,
        .class_name = class_name,
        .prefix = name == NULL ? class_name : name,
    };
    size_t index = 0;

    while (index < ARRAY_LEN(subsystem_class) &&
           strcmp(subsystem_class[index].name, class_name) != 0) {
        index++;
    }
    if (index == ARRAY_LEN(subsystem_class)) {
        xml_error(node,
            "class '%s' is unknown; there are 'serial', 'timer', "
            "'net'",
            class_name);
    }
    subsystem.drivers = arena_printf(build->arena, "%s/%s",
        build->options->drivers, subsystem_class[index].directory);
    subsystem_check_form(&subsystem, index);
    for (const struct xml_node *child = node->child; child != NULL;
         child = child->next) {
        if (xml_is(child, "client") || xml_is(child, "stats")) {
            subsystem_client(&subsystem, child);
        }
    }
    if (subsystem.client_count == 0) {
        xml_error(node, "a subsystem needs at least one client");
    }
    subsystem_class[index].expand(&subsystem);
}

void sdf_expand_subsystems(struct sdf_build *build)
{
    for (uint32_t i = 0; i < build->pending_count; i++) {
        subsystem_expand(build, &build->pending[i]);
    }
    subsystem_add_stats(build);
}
