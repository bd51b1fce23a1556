/* SPDX-License-Identifier: BSD-2-Clause */
/* The protection domains of a subsystem: which elements describe them, and
 * what comes from the class where the elements say nothing. */
#include <inttypes.h>
#include <string.h>

#include "sdk/tool/number.h"
#include "sdk/tool/subsystem.h"

/* --- Elements ---------------------------------------------------------------- */

/* The role that an element is about, or NULL. */
static const struct class_role *role_of(
    const struct subsystem *subsystem, const struct xml_node *element)
{
    for (uint32_t i = 0; i < class_role_count(subsystem->class); i++) {
        const struct class_role *role = subsystem->class->roles[i];

        if (role->kind != CLASS_CLIENT && xml_is(element, role->element)) {
            return role;
        }
    }
    return NULL;
}

/* The element of a role that is about this client, or about all (NULL). */
static const struct xml_node *role_element(const struct subsystem *subsystem,
    const struct class_role *role, const char *client)
{
    for (const struct xml_node *node = subsystem->node->child; node != NULL;
         node = node->next) {
        const char *of = xml_attr(node, "client");

        if (!xml_is(node, role->element)) {
            continue;
        }
        if (role->kind != CLASS_PER_CLIENT || (of == NULL && client == NULL) ||
            (of != NULL && client != NULL && strcmp(of, client) == 0)) {
            return node;
        }
    }
    return NULL;
}

static bool is_client(const struct subsystem *subsystem, const char *name)
{
    for (const struct xml_node *node = subsystem->node->child; node != NULL;
         node = node->next) {
        const char *pd = xml_attr(node, "pd");

        if (xml_is(node, "client") && pd != NULL && strcmp(pd, name) == 0) {
            return true;
        }
    }
    return false;
}

void subsystem_check_element(
    const struct subsystem *subsystem, const struct xml_node *element)
{
    const struct class_role *role = role_of(subsystem, element);
    const char *client = xml_attr(element, "client");

    if (xml_is(element, "client") || xml_is(element, "stats")) {
        return;
    }
    if (role == NULL) {
        xml_unknown(element);
    }
    if (role_element(subsystem, role,
            role->kind == CLASS_PER_CLIENT ? client : NULL) != element) {
        xml_error(element, "'%s' must only be specified once", element->name);
    }
    if (role->kind == CLASS_PER_CLIENT && client != NULL &&
        !is_client(subsystem, client)) {
        xml_error(element, "PD '%s' is not a client", client);
    }
}

/* --- Child ids ---------------------------------------------------------------- */

/* Child ids that elements of subsystems below the same parent ask for. */
static uint64_t asked_ids(const struct subsystem *subsystem)
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
static uint32_t child_id(
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

    uint64_t asked = asked_ids(subsystem);

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

/* The PD becomes the parent's child, whose program may learn the id. */
static void add_to_parent(const struct subsystem *subsystem, uint32_t pd,
    const struct xml_node *element)
{
    struct sdf_build *build = subsystem->build;
    struct sdf_pd *p = &build->system->pd[pd];

    p->child_id = child_id(subsystem, element);
    p->parent = subsystem->parent;
    if (element != NULL && xml_attr(element, "setvar_id") != NULL) {
        struct sdf_setvar setvar = {
            .symbol = xml_attr(element, "setvar_id"),
            .kind = SDF_SETVAR_ID,
            .value = p->child_id,
        };

        sdf_add_setvar(build, subsystem->parent, element, &setvar);
    }
}

/* --- PDs ------------------------------------------------------------------------ */

/* Attributes of an element.  Those of a child are possible for an element that
 * is about one PD, if there is a parent. */
static void read_element(const struct subsystem *subsystem,
    const struct xml_node *element, bool one, struct sdf_pd *pd)
{
    static const char *const all[] = { "priority", "budget", "period",
        "passive", "stack_size", "smc", "cpu", "domain", "fpu", "reinit",
        "program", "client", NULL };
    static const char *const names[] = { "priority", "budget", "period",
        "passive", "stack_size", "smc", "cpu", "domain", "fpu", "reinit",
        "program", NULL };
    static const char *const child_names[] = { "priority", "budget", "period",
        "passive", "stack_size", "smc", "cpu", "domain", "fpu", "reinit",
        "program", "id", "setvar_id", NULL };
    static const char *const client_names[] = { "priority", "budget", "period",
        "passive", "stack_size", "smc", "cpu", "domain", "fpu", "reinit",
        "program", "id", "setvar_id", "client", NULL };
    bool child = one && subsystem->parent != SDF_NONE;
    bool client = role_of(subsystem, element)->kind == CLASS_PER_CLIENT;

    xml_attr_only(element, child && client ? client_names
                           : client        ? all
                           : child         ? child_names
                                           : names);
    xml_no_children(element);
    sdf_parse_pd_attributes(subsystem->build, element, pd);
}

const char *subsystem_name(const struct subsystem *subsystem,
    const struct subsystem_part *part, const char *pattern)
{
    const char *percent = strchr(pattern, '%');

    if (percent == NULL || part->client == NULL) {
        return pattern;
    }
    return arena_printf(subsystem->build->arena, "%.*s%s%s",
        (int)(percent - pattern), pattern, part->client, percent + 2);
}

uint32_t subsystem_add_pd(struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_role *role,
    const char *program)
{
    struct sdf_build *build = subsystem->build;
    bool per_client = role->kind == CLASS_PER_CLIENT;
    /* of all PDs of the role, and of this one */
    const struct xml_node *element[2] = { role_element(subsystem, role, NULL),
        per_client ? role_element(subsystem, role, part->client) : NULL };
    const struct xml_node *pos = subsystem->node;

    for (uint32_t i = 0; i < 2; i++) {
        if (element[i] != NULL) {
            const char *own = xml_attr(element[i], "program");

            program = own == NULL ? program : own;
            pos = element[i];
        }
    }

    uint32_t index = sdf_add_pd(build,
        arena_printf(build->arena, "%s_%s", subsystem->prefix,
            subsystem_name(subsystem, part, role->suffix)),
        &pos->pos);
    struct sdf_pd *pd = &build->system->pd[index];

    pd->program = program;
    pd->priority = role->priority;
    pd->passive = role->passive;
    pd->fpu = !subsystem_program_has_no_fpu(build, program);
    for (uint32_t i = 0; i < 2; i++) {
        if (element[i] != NULL) {
            read_element(subsystem, element[i], !per_client || i == 1, pd);
        }
    }
    if (subsystem->parent != SDF_NONE) {
        add_to_parent(subsystem, index, element[per_client ? 1 : 0]);
    }
    return index;
}

/* Is the PD a client, or does it have a single role? */
static bool has_part(const struct subsystem *subsystem, uint32_t pd)
{
    for (uint32_t i = 0; i < class_role_count(subsystem->class); i++) {
        if (subsystem->single.pd[i] == pd) {
            return true;
        }
    }
    return is_client(subsystem, subsystem->build->system->pd[pd].name);
}

/* The PD of the user's that takes the role, or SDF_NONE. */
static uint32_t borrowed_pd(
    const struct subsystem *subsystem, const struct class_role *role)
{
    static const char *const names[] = { "pd", NULL };
    const struct xml_node *element = role_element(subsystem, role, NULL);
    uint32_t pd;

    if (!role->borrowed || element == NULL || xml_attr(element, "pd") == NULL) {
        return SDF_NONE;
    }
    xml_attr_only(element, names);
    xml_no_children(element);
    pd = sdf_find_pd(subsystem->build, xml_attr(element, "pd"));
    if (pd == SDF_NONE) {
        xml_error(element, "invalid PD name '%s'", xml_attr(element, "pd"));
    }
    if (has_part(subsystem, pd)) {
        xml_error(element, "PD '%s' has another part in this subsystem",
            xml_attr(element, "pd"));
    }
    return pd;
}

static uint32_t make_single(
    struct subsystem *subsystem, const struct class_role *role)
{
    const struct xml_node *element = role_element(subsystem, role, NULL);
    uint32_t borrowed;

    if (!subsystem_is(subsystem, &subsystem->single, role->when)) {
        if (element != NULL) {
            xml_error(element, "the subsystem has no %s", role->when->name);
        }
        return SDF_NONE;
    }
    borrowed = borrowed_pd(subsystem, role);
    return borrowed != SDF_NONE ? borrowed
                                : subsystem_add_pd(subsystem,
                                      &subsystem->single, role, role->program);
}

void subsystem_make_roles(
    struct subsystem *subsystem, struct subsystem_part *part)
{
    for (uint32_t i = 0; i < class_role_count(subsystem->class); i++) {
        const struct class_role *role = subsystem->class->roles[i];

        if (class_role_is_per_client(role) != (part->client != NULL)) {
            continue;
        }
        switch (role->kind) {
        case CLASS_DRIVER:
            subsystem_add_driver(subsystem, role);
            part->pd[i] = subsystem->driver;
            break;
        case CLASS_SINGLE:
            part->pd[i] = make_single(subsystem, role);
            break;
        case CLASS_PER_CLIENT:
            part->pd[i] =
                subsystem_add_pd(subsystem, part, role, role->program);
            break;
        case CLASS_CLIENT: /* was found when the element was read */
            part->pd[i] = sdf_find_pd(subsystem->build, part->client);
            break;
        }
    }
}

uint32_t subsystem_pd(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_role *role)
{
    uint32_t index = class_role_index(subsystem->class, role);

    return class_role_is_per_client(role) ? part->pd[index]
                                          : subsystem->single.pd[index];
}
