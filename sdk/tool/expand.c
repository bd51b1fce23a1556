/* SPDX-License-Identifier: BSD-2-Clause */
/* Physical addresses first, then configurations (which contain them), then
 * the script and the XML. */
#include "sdk/tool/expand.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "abi/limits.h"
#include "base/range.h"

#define EXPAND_ID_LIMIT ((uint32_t)ABI_MICROKIT_IDS)

struct expand {
    struct arena *arena;
    const struct sdf_options *options;
    struct sdf_system *system;
    const char *directory;
};

/* Opens a file of the directory for writing. */
static FILE *expand_open(const struct expand *expand, const char *name)
{
    const char *path =
        arena_printf(expand->arena, "%s/%s", expand->directory, name);
    FILE *file = fopen(path, "wb");

    if (file == NULL) {
        diag_error(NULL, "cannot write '%s': %s", path, strerror(errno));
    }
    return file;
}

static void expand_close(FILE *file, const char *name)
{
    int failed = ferror(file);

    if (fclose(file) != 0 || failed != 0) {
        diag_error(NULL, "cannot write '%s'", name);
    }
}

/* The end of the reserved memory below the image, from where addresses of
 * generated descriptions grow downwards. */
static uint64_t expand_phys_top(const struct board *board)
{
    uint64_t top = board->image_base;

    for (uint32_t i = 0; i < board->reserved_count; i++) {
        const struct board_range *range = &board->reserved[i];

        if (range->base + range->size <= board->image_base) {
            top = range->base + range->size;
        }
    }
    return top;
}

/* The start of a region in the way of [base, base + size); 0: none. */
static uint64_t expand_in_way(
    const struct sdf_system *system, uint64_t base, uint64_t size)
{
    for (uint32_t i = 0; i < system->region_count; i++) {
        const struct sdf_region *region = &system->region[i];

        if (region->has_phys &&
            range_overlaps(base, size, region->phys, region->size)) {
            return region->phys;
        }
    }
    return 0;
}

static void expand_place(
    const struct expand *expand, struct sdf_region *region, uint64_t *top)
{
    uint64_t align = region->page_size;
    uint64_t limit = *top;

    for (;;) {
        if (limit < region->size) {
            diag_error(&region->pos, "no physical memory left for region '%s'",
                region->name);
        }

        uint64_t base = (limit - region->size) & ~(align - 1);
        uint64_t in_way = expand_in_way(expand->system, base, region->size);

        if (in_way == 0) {
            if (!board_is_memory(expand->options->board, base, region->size)) {
                diag_error(&region->pos,
                    "no physical memory left for region '%s'", region->name);
            }
            region->has_phys = true;
            region->phys = base;
            *top = base;
            return;
        }
        limit = in_way;
    }
}

/* Gives an address to each region that a configuration names, and puts the
 * addresses there. */
static void expand_addresses(const struct expand *expand)
{
    uint64_t top = expand_phys_top(expand->options->board);

    for (uint32_t i = 0; i < expand->system->pd_count; i++) {
        struct sdf_pd *pd = &expand->system->pd[i];

        for (uint32_t k = 0; k < pd->section_count; k++) {
            struct sdf_section *section = &pd->section[k];

            for (uint32_t n = 0; n < section->fixup_count; n++) {
                struct sdf_fixup *fixup = &section->fixup[n];
                struct sdf_region *region =
                    &expand->system->region[fixup->region];
                uint64_t word;

                if (!region->has_phys) {
                    expand_place(expand, region, &top);
                }
                memcpy(&word, section->data + fixup->offset, sizeof word);
                word += region->phys;
                memcpy(section->data + fixup->offset, &word, sizeof word);
            }
        }
    }
}

/* Quotes for the shell: what is inside '' is taken as it is. */
static void expand_quote(FILE *file, const char *text)
{
    (void)fputc('\'', file);
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            (void)fputs("'\\''", file);
        } else {
            (void)fputc(*text, file);
        }
    }
    (void)fputc('\'', file);
}

/* A name becomes part of a file name. */
static const char *expand_file_name(
    const struct expand *expand, const struct sdf_pd *pd, const char *suffix)
{
    char *name = arena_printf(expand->arena, "%s%s", pd->name, suffix);

    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '/' ? '_' : *c;
    }
    return name;
}

/* One PD's configurations, and the command that puts them into a copy. */
static void expand_sections(
    const struct expand *expand, const struct sdf_pd *pd, FILE *script)
{
    const char *program =
        files_find(expand->arena, &expand->options->search, pd->program);

    (void)fputs("llvm-objcopy", script);
    for (uint32_t i = 0; i < pd->section_count; i++) {
        const struct sdf_section *section = &pd->section[i];
        const char *name = expand_file_name(
            expand, pd, arena_printf(expand->arena, "%s.data", section->name));
        FILE *file = expand_open(expand, name);

        (void)fwrite(section->data, 1, section->size, file);
        expand_close(file, name);
        (void)fputs(" --update-section ", script);
        expand_quote(
            script, arena_printf(expand->arena, "%s=%s", section->name, name));
    }
    (void)fputc(' ', script);
    expand_quote(script, program == NULL ? pd->program : program);
    (void)fputc(' ', script);
    expand_quote(script, expand_file_name(expand, pd, ".elf"));
    (void)fputc('\n', script);
}

static void expand_script(const struct expand *expand)
{
    FILE *script = expand_open(expand, "sections.sh");

    (void)fputs("#!/bin/sh -e\n"
                "# Makes the programs PD.elf: run in this directory.\n",
        script);
    for (uint32_t i = 0; i < expand->system->pd_count; i++) {
        if (expand->system->pd[i].section_count != 0) {
            expand_sections(expand, &expand->system->pd[i], script);
        }
    }
    expand_close(script, "sections.sh");
}

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
    const struct expand *expand, const struct sdf_pd *pd, uint32_t depth)
{
    expand_indent(depth);
    (void)printf("<protection_domain");
    expand_text("name", pd->name);
    if (pd->parent != SDF_NONE) {
        (void)printf(" id=\"%" PRIu32 "\"", pd->child_id);
        expand_setvars(&expand->system->pd[pd->parent], &pd->pos);
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
                            : expand_file_name(expand, pd, ".elf"));
    if (pd->program_symbols != NULL) {
        expand_text("path_for_symbols", pd->program_symbols);
    }
    (void)printf("/>\n");
}

/* The depth of the tree is that of the XML it was read from. */
static void expand_pds(
    const struct expand *expand, uint32_t parent, uint32_t depth)
{
    for (uint32_t i = 0; i < expand->system->pd_count; i++) {
        const struct sdf_pd *pd = &expand->system->pd[i];

        if (pd->parent == parent) {
            expand_pd_head(expand, pd, depth);
            expand_maps(expand->system, pd, depth + 1);
            expand_pds(expand, i, depth + 1);
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

void expand_write(struct arena *arena, const struct sdf_options *options,
    struct sdf_system *system, const char *directory)
{
    struct expand expand = {
        .arena = arena,
        .options = options,
        .system = system,
        .directory = directory,
    };

    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        diag_error(NULL, "cannot make '%s': %s", directory, strerror(errno));
    }
    expand_addresses(&expand);
    expand_script(&expand);
    (void)printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<system>\n");
    expand_regions(system);
    expand_pds(&expand, SDF_NONE, 1);
    expand_channels(system);
    (void)printf("</system>\n");
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        diag_error(NULL, "cannot write the description");
    }
}
