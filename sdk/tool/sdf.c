/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a description in dependency order: regions, then PDs (which name
 * regions), then channels (which name PDs), then subsystems (which add to all
 * of them), and checks the result as a whole. */
#include "sdk/tool/sdf.h"

#include <string.h>

#include "abi/limits.h"
#include "sdk/tool/sdf_build.h"

#define SDF_CHANNELS_MAX (ABI_PDS_MAX * ABI_IDS)

static void sdf_limits(struct sdf_build *build, const struct xml_node *root)
{
    static const char *const names[] = { "limits", NULL };
    const char *limits = xml_attr(root, "limits");

    xml_attr_only(root, names);
    build->id_limit = ABI_MICROKIT_IDS;
    build->pd_limit = ABI_MICROKIT_PDS;
    if (limits == NULL || strcmp(limits, "microkit") == 0) {
        return;
    }
    if (strcmp(limits, "pride") != 0) {
        xml_error(root, "limits must be 'microkit' or 'pride'");
    }
    build->system->pride_limits = true;
    build->id_limit = ABI_IDS;
    build->pd_limit = ABI_PDS_MAX - 1; /* the monitor is one */
}

/* Ends the program if an element has a name that <system> does not know. */
static void sdf_check_element(const struct xml_node *node)
{
    static const char *const later[] = { "io_address_space", "domains" };
    static const char *const known[] = { "protection_domain", "memory_region",
        "channel", "subsystem" };

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (xml_is(node, known[i])) {
            return;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(later); i++) {
        if (xml_is(node, later[i])) {
            xml_error(node, "'%s' is not supported yet", node->name);
        }
    }
    if (xml_is(node, "virtual_machine")) {
        diag_error(&node->pos,
            "virtual machine must be a child of a protection domain");
    }
    xml_unknown(node);
}

static void sdf_element(
    struct sdf_build *build, const struct xml_node *node, const char *kind)
{
    if (!xml_is(node, kind)) {
        return;
    }
    if (xml_is(node, "memory_region")) {
        sdf_parse_region(build, node);
    } else if (xml_is(node, "protection_domain")) {
        sdf_parse_pd(build, node, SDF_NONE);
    } else if (xml_is(node, "channel")) {
        if (build->system->channel_count == SDF_CHANNELS_MAX) {
            xml_error(node, "too many channels");
        }
        sdf_parse_channel(build, node);
    } else {
        build->pending = arena_room(build->arena, build->pending,
            build->pending_count, sizeof *build->pending);
        build->pending[build->pending_count++] = (struct sdf_pending){
            .node = node,
            .parent = SDF_NONE,
        };
    }
}

struct sdf_system *sdf_parse(
    struct arena *arena, const struct sdf_options *options)
{
    static const char *const order[] = { "memory_region", "protection_domain",
        "channel", "subsystem" };
    struct sdf_build build = {
        .arena = arena,
        .options = options,
        .system = arena_alloc(arena, sizeof(struct sdf_system)),
    };
    const struct xml_node *root = xml_load(arena, options->file, "system");

    xml_no_text(root);
    sdf_limits(&build, root);
    for (const struct xml_node *node = root->child; node != NULL;
         node = node->next) {
        sdf_check_element(node);
    }
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        for (const struct xml_node *node = root->child; node != NULL;
             node = node->next) {
            sdf_element(&build, node, order[i]);
        }
    }
    sdf_expand_subsystems(&build);
    sdf_check(&build);
    return build.system;
}
