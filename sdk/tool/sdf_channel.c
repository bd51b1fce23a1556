/* SPDX-License-Identifier: BSD-2-Clause */
/* The <channel> element. */
#include "sdk/tool/number.h"
#include "sdk/tool/sdf_build.h"

static struct sdf_end sdf_channel_end(
    const struct sdf_build *build, const struct xml_node *node)
{
    static const char *const names[] = { "pd", "id", "pp", "notify",
        "setvar_id", NULL };

    if (!xml_is(node, "end")) {
        xml_unknown(node);
    }
    xml_attr_only(node, names);

    const char *name = xml_attr_required(node, "pd");
    struct sdf_end end = {
        .pd = sdf_find_pd(build, name),
        .id = number_attr_id(node, "id", build->id_limit),
        .notify = number_attr_bool(node, "notify", true),
        .pp = number_attr_bool(node, "pp", false),
        .pos = node->pos,
    };

    if (end.pd == SDF_NONE) {
        xml_error(node, "invalid PD name '%s'", name);
    }
    xml_no_children(node);
    return end;
}

static void sdf_channel_setvar(struct sdf_build *build,
    const struct xml_node *node, const struct sdf_end *end)
{
    struct sdf_setvar setvar = {
        .symbol = xml_attr(node, "setvar_id"),
        .kind = SDF_SETVAR_ID,
        .value = end->id,
    };

    if (setvar.symbol != NULL) {
        sdf_add_setvar(build, end->pd, node, &setvar);
    }
}

void sdf_parse_channel(struct sdf_build *build, const struct xml_node *node)
{
    static const char *const names[] = { NULL };
    struct sdf_channel channel = { .pos = node->pos };
    uint32_t count = 0;

    xml_attr_only(node, names);
    for (const struct xml_node *child = node->child; child != NULL;
         child = child->next) {
        struct sdf_end end = sdf_channel_end(build, child);

        if (count < ARRAY_LEN(channel.end)) {
            channel.end[count] = end;
        }
        count++;
    }
    if (count != ARRAY_LEN(channel.end)) {
        xml_error(node, "exactly two end elements must be specified");
    }
    if (channel.end[0].pp && channel.end[1].pp) {
        xml_error(node, "cannot ppc bidirectionally");
    }
    sdf_channel_setvar(build, node->child, &channel.end[0]);
    sdf_channel_setvar(build, node->child->next, &channel.end[1]);
    sdf_add_channel(build, &channel);
}

bool sdf_notifies_quietly(const struct sdf_system *system,
    const struct sdf_end *own, const struct sdf_end *other)
{
    const struct sdf_pd *from = &system->pd[own->pd];
    const struct sdf_pd *to = &system->pd[other->pd];

    return own->notify && to->priority < from->priority && to->cpu == from->cpu;
}
