/* SPDX-License-Identifier: BSD-2-Clause */
/* The <protection_domain> element: attributes and nesting. */
#include <inttypes.h>
#include <string.h>

#include "abi/limits.h"
#include "sdk/tool/number.h"
#include "sdk/tool/sdf_build.h"

#define SDF_PRIORITY_MAX ((uint32_t)ABI_PRIO_MAX)
#define SDF_STACK_MIN    0x1000u
#define SDF_STACK_MAX    (16u << 20)
#define SDF_NAME_MAX     (ABI_NAME_SIZE - 1u)

static void sdf_pd_time(const struct xml_node *node, struct sdf_pd *pd)
{
    bool has_budget = xml_attr(node, "budget") != NULL;

    pd->budget_us = number_attr(node, "budget", pd->budget_us);
    pd->period_us =
        number_attr(node, "period", has_budget ? pd->budget_us : pd->period_us);
    if (pd->budget_us > pd->period_us) {
        xml_error(node,
            "budget (%" PRIu64 ") must be less than, or equal to, "
            "period (%" PRIu64 ")",
            pd->budget_us, pd->period_us);
    }
    if (pd->budget_us == 0) {
        xml_error(node, "budget must be greater than 0");
    }
    if (pd->period_us > UINT32_MAX) {
        xml_error(node, "period must be less than 2^32 microseconds");
    }
}

static void sdf_pd_stack(const struct xml_node *node, struct sdf_pd *pd)
{
    pd->stack_size = number_attr(node, "stack_size", pd->stack_size);
    if (pd->stack_size < SDF_STACK_MIN || pd->stack_size > SDF_STACK_MAX) {
        xml_error(node, "stack size must be between 0x%x bytes and 0x%x bytes",
            SDF_STACK_MIN, SDF_STACK_MAX);
    }
    if (pd->stack_size % BOARD_PAGE != 0) {
        xml_error(node,
            "stack size must be aligned to the smallest page size, %u bytes",
            BOARD_PAGE);
    }
}

void sdf_parse_pd_attributes(const struct sdf_build *build,
    const struct xml_node *node, struct sdf_pd *pd)
{
    uint32_t cores = build->options->board->core_count;

    sdf_pd_time(node, pd);
    pd->passive = number_attr_bool(node, "passive", pd->passive);
    pd->smc = number_attr_bool(node, "smc", pd->smc);
    pd->fpu = number_attr_bool(node, "fpu", pd->fpu);
    pd->reinit = number_attr_bool(node, "reinit", pd->reinit);

    uint64_t cpu = number_attr(node, "cpu", pd->cpu);

    if (cpu >= cores) {
        xml_error(node, "cpu core must be less than %" PRIu32 ", got %" PRIu64,
            cores, cpu);
    }
    pd->cpu = (uint32_t)cpu;
    if (xml_attr(node, "domain") != NULL) {
        xml_error(node,
            "Specifying a domain '%s' without declaring a domain schedule is "
            "not allowed:",
            xml_attr(node, "domain"));
    }
    sdf_pd_stack(node, pd);

    uint64_t priority = number_attr(node, "priority", pd->priority);

    if (priority > SDF_PRIORITY_MAX) {
        xml_error(node, "priority must be between 0 and %u", SDF_PRIORITY_MAX);
    }
    pd->priority = (uint32_t)priority;
}

static void sdf_pd_image(struct sdf_pd *pd, const struct xml_node *node)
{
    static const char *const names[] = { "path", "path_for_symbols", NULL };

    xml_attr_only(node, names);
    xml_no_children(node);
    if (pd->program != NULL) {
        xml_error(node->parent, "program_image must only be specified once");
    }
    pd->program = xml_attr_required(node, "path");
    pd->program_symbols = xml_attr(node, "path_for_symbols");
}

static void sdf_pd_pending(
    struct sdf_build *build, const struct xml_node *node, uint32_t parent)
{
    build->pending = arena_room(build->arena, build->pending,
        build->pending_count, sizeof *build->pending);
    build->pending[build->pending_count++] = (struct sdf_pending){
        .node = node,
        .parent = parent,
    };
}

static void sdf_pd_child(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd)
{
    if (xml_is(node, "program_image")) {
        sdf_pd_image(&build->system->pd[pd], node);
    } else if (xml_is(node, "map")) {
        sdf_parse_map(build, node, pd);
    } else if (xml_is(node, "irq")) {
        sdf_parse_irq(build, node, pd);
    } else if (xml_is(node, "setvar")) {
        sdf_parse_setvar(build, node, pd);
    } else if (xml_is(node, "protection_domain")) {
        sdf_parse_pd(build, node, pd);
    } else if (xml_is(node, "subsystem")) {
        sdf_pd_pending(build, node, pd);
    } else if (xml_is(node, "ioport")) {
        xml_error(node->parent, "I/O Ports are only available on x86");
    } else if (xml_is(node, "virtual_machine") || xml_is(node, "cspace")) {
        xml_error(node, "'%s' is not supported yet", node->name);
    } else {
        diag_error(&node->pos, "Invalid XML element '%s'", node->name);
    }
}

/* Links a child to its parent, whose program may learn the id. */
static void sdf_pd_link(struct sdf_build *build, const struct xml_node *node,
    uint32_t pd, uint32_t parent)
{
    struct sdf_pd *p = &build->system->pd[pd];
    const char *symbol = xml_attr(node, "setvar_id");

    p->child_id = number_attr_id(node, "id", build->id_limit);
    p->parent = parent;
    if (sdf_child_id_used(build, parent, p->child_id, pd)) {
        diag_error_at(&node->pos,
            "duplicate id: %" PRIu32 " in protection domain: '%s'", p->child_id,
            build->system->pd[parent].name);
    }
    if (symbol != NULL) {
        struct sdf_setvar setvar = {
            .symbol = symbol,
            .kind = SDF_SETVAR_ID,
            .value = p->child_id,
        };

        sdf_add_setvar(build, parent, node, &setvar);
    }
}

void sdf_parse_pd(
    struct sdf_build *build, const struct xml_node *node, uint32_t parent)
{
    /* a root PD may not have the last two */
    static const char *const names[] = { "name", "priority", "budget", "period",
        "passive", "stack_size", "smc", "cpu", "domain", "fpu", "reinit", NULL,
        NULL, NULL };
    static const char *const child_names[] = { "name", "priority", "budget",
        "period", "passive", "stack_size", "smc", "cpu", "domain", "fpu",
        "reinit", "id", "setvar_id", NULL };

    xml_attr_only(node, parent == SDF_NONE ? names : child_names);

    const char *name = xml_attr_required(node, "name");

    if (name[0] == '\0') {
        xml_error(node, "name must not be empty");
    }
    if (strlen(name) > SDF_NAME_MAX) {
        diag_warning(&node->pos,
            "the program will know only the first %u characters of its name",
            SDF_NAME_MAX);
    }
    /* counted here too: the rule at the end must not come too late */
    if (build->system->pd_count > 4 * build->pd_limit) {
        xml_error(node, "too many protection domains");
    }

    uint32_t pd = sdf_add_pd(build, name, &node->pos);

    if (parent != SDF_NONE) {
        sdf_pd_link(build, node, pd, parent);
    }
    sdf_parse_pd_attributes(build, node, &build->system->pd[pd]);
    for (const struct xml_node *child = node->child; child != NULL;
         child = child->next) {
        sdf_pd_child(build, child, pd);
    }
    if (build->system->pd[pd].program == NULL) {
        diag_error(&node->pos,
            "missing 'program_image' element on protection_domain: '%s'", name);
    }
}
