/* SPDX-License-Identifier: BSD-2-Clause */
/* The <map> and <setvar> elements of a protection domain. */
#include <inttypes.h>

#include "sdk/tool/number.h"
#include "sdk/tool/sdf_build.h"

static uint32_t sdf_map_perms(const struct xml_node *node)
{
    const char *text = xml_attr(node, "perms");
    uint32_t perms = 0;

    if (text == NULL) {
        return SDF_READ | SDF_WRITE;
    }
    for (; *text != '\0'; text++) {
        switch (*text) {
        case 'r':
            perms |= SDF_READ;
            break;
        case 'w':
            perms |= SDF_WRITE;
            break;
        case 'x':
            perms |= SDF_EXECUTE;
            break;
        default:
            xml_error(node, "perms must only be a combination of 'r', 'w', "
                            "and 'x'");
        }
    }
    if ((perms & (SDF_READ | SDF_EXECUTE)) == 0 && perms != 0) {
        xml_error(node, "perms must not be 'w', write-only mappings are not "
                        "allowed");
    }
    if (perms == 0) {
        xml_error(node, "perms must not be empty");
    }
    if ((perms & SDF_READ) == 0) {
        /* as upstream: what can be executed can be read */
        perms |= SDF_READ;
    }
    return perms;
}

static void sdf_map_setvars(struct sdf_build *build,
    const struct xml_node *node, uint32_t pd, const struct sdf_map *map)
{
    const struct sdf_region *region = &build->system->region[map->region];
    struct {
        const char *name;
        enum sdf_setvar_kind kind;
        uint64_t value;
    } const forms[] = {
        { "setvar_vaddr", SDF_SETVAR_VADDR, map->vaddr },
        { "setvar_size", SDF_SETVAR_SIZE, region->size },
        { "setvar_prefill_size", SDF_SETVAR_PREFILL_SIZE,
            region->prefill_size },
    };

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct sdf_setvar setvar = {
            .symbol = xml_attr(node, forms[i].name),
            .kind = forms[i].kind,
            .value = forms[i].value,
            .region = map->region,
        };

        if (setvar.symbol == NULL) {
            continue;
        }
        if (setvar.kind == SDF_SETVAR_PREFILL_SIZE && region->prefill == NULL) {
            diag_error(&node->pos,
                "'setvar_prefill_size' used for MR without a `prefill_path` "
                "@ '%s'",
                region->name);
        }
        sdf_add_setvar(build, pd, node, &setvar);
    }
}

/* The address; the range is checked when all maps are known. */
static uint64_t sdf_map_vaddr(
    const struct sdf_build *build, const struct xml_node *node, uint32_t pd)
{
    uint64_t vaddr = number_attr_required(node, "vaddr");
    uint64_t top = board_stack_bottom(
        build->options->board, build->system->pd[pd].stack_size);

    if (vaddr >= top) {
        xml_error(node, "vaddr (0x%" PRIx64 ") must be less than 0x%" PRIx64,
            vaddr, top);
    }
    return vaddr;
}

void sdf_parse_map(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd)
{
    static const char *const names[] = { "mr", "vaddr", "perms", "cached",
        "setvar_vaddr", "setvar_size", "setvar_prefill_size", NULL };

    xml_attr_only(node, names);
    xml_no_children(node);

    const char *name = xml_attr_required(node, "mr");
    struct sdf_map map = {
        .region = sdf_find_region(build, name),
        .vaddr = sdf_map_vaddr(build, node, pd),
        .perms = sdf_map_perms(node),
        .cached = number_attr_bool(node, "cached", true),
        .pos = node->pos,
    };

    if (map.region == SDF_NONE) {
        diag_error_at(
            &node->pos, "invalid memory region name '%s' on 'map'", name);
    }
    sdf_map_setvars(build, node, pd, &map);
    sdf_add_map(build, pd, &map);
}

void sdf_parse_setvar(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd)
{
    static const char *const names[] = { "symbol", "region_paddr", NULL };

    xml_attr_only(node, names);
    xml_no_children(node);

    const char *symbol = xml_attr_required(node, "symbol");
    const char *name = xml_attr_required(node, "region_paddr");
    struct sdf_setvar setvar = {
        .symbol = symbol,
        .kind = SDF_SETVAR_PADDR,
        .region = sdf_find_region(build, name),
    };

    if (setvar.region == SDF_NONE) {
        diag_error_at(
            &node->pos, "invalid memory region name '%s' on 'setvar'", name);
    }
    sdf_add_setvar(build, pd, node, &setvar);
    build->system->region[setvar.region].used = true;
}
