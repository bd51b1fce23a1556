/* SPDX-License-Identifier: BSD-2-Clause */
/* Regions, protection domains as a tree, channels: in the form that the
 * Microkit reads, every attribute that has a default written out. */
#include "sdk/tool/expand_xml.h"

#include <inttypes.h>
#include <stdio.h>

#include "abi/limits.h"
#include "base/attr.h"
#include "sdk/tool/expand_script.h"

#define EXPAND_ID_LIMIT ((uint32_t)ABI_MICROKIT_IDS)

struct expand_xml {
    struct arena *arena;
    const struct sdf_system *system;
};

/* An attribute, its value escaped. */
static void expand_text(const char *name, const char *value)
{
    (void)printf(" %s=\"", name);
    for (; *value != '\0'; value++) {
        switch (*value) {
        case '&':
            (void)fputs("&amp;", stdout);
            break;
        case '<':
            (void)fputs("&lt;", stdout);
            break;
        case '"':
            (void)fputs("&quot;", stdout);
            break;
        default:
            (void)putchar(*value);
            break;
        }
    }
    (void)putchar('"');
}

static void expand_indent(uint32_t depth)
{
    (void)printf("%*s", (int)(4 * depth), "");
}

static void expand_regions(const struct sdf_system *system)
{
    for (uint32_t i = 0; i < system->region_count; i++) {
        const struct sdf_region *region = &system->region[i];

        (void)printf("    <memory_region");
        expand_text("name", region->name);
        (void)printf(" size=\"0x%" PRIx64 "\"", region->size);
        if (region->page_size_given) {
            (void)printf(" page_size=\"0x%" PRIx64 "\"", region->page_size);
        }
        if (region->has_phys) {
            (void)printf(" phys_addr=\"0x%" PRIx64 "\"", region->phys);
        }
        if (region->prefill_path != NULL) {
            expand_text("prefill_path", region->prefill_path);
        }
        (void)printf("/>\n");
    }
}

static bool expand_same(const struct sdf_pos *a, const struct sdf_pos *b)
{
    return a->file == b->file && a->line == b->line && a->column == b->column;
}

/* The symbols that the element at `pos` sets in `pd`, as attributes. */
static void expand_setvars(const struct sdf_pd *pd, const struct sdf_pos *pos)
{
    static const char *const names[] = {
        [SDF_SETVAR_VADDR] = "setvar_vaddr",
        [SDF_SETVAR_SIZE] = "setvar_size",
        [SDF_SETVAR_PREFILL_SIZE] = "setvar_prefill_size",
        [SDF_SETVAR_ID] = "setvar_id",
    };

    for (uint32_t i = 0; i < pd->setvar_count; i++) {
        const struct sdf_setvar *setvar = &pd->setvar[i];

        if (setvar->kind != SDF_SETVAR_PADDR &&
            expand_same(&setvar->pos, pos)) {
            expand_text(names[setvar->kind], setvar->symbol);
        }
    }
}

static void expand_maps(
    const struct sdf_system *system, const struct sdf_pd *pd, uint32_t depth)
{
    for (uint32_t i = 0; i < pd->map_count; i++) {
        const struct sdf_map *map = &pd->map[i];

        expand_indent(depth);
        (void)printf("<map");
        expand_text("mr", system->region[map->region].name);
        (void)printf(" vaddr=\"0x%" PRIx64 "\" perms=\"%s%s%s\"%s", map->vaddr,
            (map->perms & SDF_READ) != 0 ? "r" : "",
            (map->perms & SDF_WRITE) != 0 ? "w" : "",
            (map->perms & SDF_EXECUTE) != 0 ? "x" : "",
            map->cached ? "" : " cached=\"false\"");
        expand_setvars(pd, &map->pos);
        (void)printf("/>\n");
    }
    for (uint32_t i = 0; i < pd->irq_count; i++) {
        expand_indent(depth);
        (void)printf("<irq irq=\"%" PRIu32 "\" id=\"%" PRIu32 "\"%s",
            pd->irq[i].number, pd->irq[i].id,
            pd->irq[i].edge ? " trigger=\"edge\"" : "");
        expand_setvars(pd, &pd->irq[i].pos);
        (void)printf("/>\n");
    }
    for (uint32_t i = 0; i < pd->setvar_count; i++) {
        const struct sdf_setvar *setvar = &pd->setvar[i];

        if (setvar->kind == SDF_SETVAR_PADDR) {
            expand_indent(depth);
            (void)printf("<setvar");
            expand_text("symbol", setvar->symbol);
            expand_text("region_paddr", system->region[setvar->region].name);
            (void)printf("/>\n");
        }
    }
}

/* The opening tag and the program. */
static void expand_pd_head(
    const struct expand_xml *xml, const struct sdf_pd *pd, uint32_t depth)
{
    expand_indent(depth);
    (void)printf("<protection_domain");
    expand_text("name", pd->name);
    if (pd->parent != SDF_NONE) {
        (void)printf(" id=\"%" PRIu32 "\"", pd->child_id);
        expand_setvars(&xml->system->pd[pd->parent], &pd->pos);
    }
    (void)printf(" priority=\"%" PRIu32 "\" budget=\"%" PRIu64
                 "\" period=\"%" PRIu64 "\" stack_size=\"0x%" PRIx64 "\"",
        pd->priority, pd->budget_us, pd->period_us, pd->stack_size);
    (void)printf(" cpu=\"%" PRIu32 "\" passive=\"%s\" fpu=\"%s\"%s>\n", pd->cpu,
        pd->passive ? "true" : "false", pd->fpu ? "true" : "false",
        pd->smc ? " smc=\"true\"" : "");
    if (pd->reinit) {
        diag_warning(&pd->pos, "reinit of '%s' has no counterpart", pd->name);
    }
    expand_indent(depth + 1);
    (void)printf("<program_image");
    expand_text("path", pd->section_count == 0
                            ? pd->program
                            : expand_script_name(xml->arena, pd, ".elf"));
    if (pd->program_symbols != NULL) {
        expand_text("path_for_symbols", pd->program_symbols);
    }
    (void)printf("/>\n");
}

/* The depth of the tree is that of the XML it was read from. */
static void expand_pds(
    const struct expand_xml *xml, uint32_t parent, uint32_t depth)
{
    for (uint32_t i = 0; i < xml->system->pd_count; i++) {
        const struct sdf_pd *pd = &xml->system->pd[i];

        if (pd->parent == parent) {
            expand_pd_head(xml, pd, depth);
            expand_maps(xml->system, pd, depth + 1);
            expand_pds(xml, i, depth + 1);
            expand_indent(depth);
            (void)printf("</protection_domain>\n");
        }
    }
}

static void expand_channels(const struct sdf_system *system)
{
    for (uint32_t i = 0; i < system->channel_count; i++) {
        (void)printf("    <channel>\n");
        for (uint32_t k = 0; k < ARRAY_LEN(system->channel[i].end); k++) {
            const struct sdf_end *end = &system->channel[i].end[k];
            const struct sdf_pd *pd = &system->pd[end->pd];

            (void)printf("        <end");
            expand_text("pd", pd->name);
            (void)printf(" id=\"%" PRIu32 "\"%s%s", end->id,
                end->pp ? " pp=\"true\"" : "",
                end->notify ? "" : " notify=\"false\"");
            expand_setvars(pd, &end->pos);
            (void)printf("/>\n");
            if (end->id >= EXPAND_ID_LIMIT) {
                diag_warning(
                    &end->pos, "id %" PRIu32 " has no counterpart", end->id);
            }
        }
        (void)printf("    </channel>\n");
    }
}

void expand_xml_write(struct arena *arena, const struct sdf_system *system)
{
    struct expand_xml xml = { .arena = arena, .system = system };

    (void)printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<system>\n");
    expand_regions(system);
    expand_pds(&xml, SDF_NONE, 1);
    expand_channels(system);
    (void)printf("</system>\n");
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        diag_error(NULL, "cannot write the description");
    }
}
