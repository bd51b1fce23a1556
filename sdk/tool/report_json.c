/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_json.c - report.json: the same facts for programs.
 *
 * Addresses are strings ("0x70000000"), since a JSON number may be a double;
 * sizes and counts are numbers.  Keys are an interface: add, do not rename.
 */
#include <inttypes.h>

#include "sdk/tool/report.h"

static void string(FILE *file, const char *text)
{
    (void)fputc('"', file);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            (void)fprintf(file, "\\%c", c);
        } else if (c < ' ') {
            (void)fprintf(file, "\\u%04x", c);
        } else {
            (void)fputc(c, file);
        }
    }
    (void)fputc('"', file);
}

static void key_string(FILE *file, const char *key, const char *text)
{
    (void)fprintf(file, "\"%s\": ", key);
    string(file, text);
}

static void key_address(FILE *file, const char *key, uint64_t address)
{
    (void)fprintf(file, ", \"%s\": \"0x%" PRIx64 "\"", key, address);
}

static void key_number(FILE *file, const char *key, uint64_t number)
{
    (void)fprintf(file, ", \"%s\": %" PRIu64, key, number);
}

static void key_bool(FILE *file, const char *key, bool value)
{
    (void)fprintf(file, ", \"%s\": %s", key, value ? "true" : "false");
}

static const char *comma(uint32_t index)
{
    return index == 0 ? "" : ",";
}

static void write_segments(const struct build_pd *pd, FILE *file)
{
    (void)fprintf(file, ",\n   \"segments\": [");
    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        const struct program_segment *segment = &pd->program.segment[i];

        (void)fprintf(file, "%s{", comma(i));
        key_string(file, "perms", report_perms(segment->perms));
        key_address(file, "vaddr", segment->vaddr);
        key_number(file, "size", segment->page_count * VSPACE_PAGE);
        key_number(file, "content",
            segment == pd->reinit.segment
                ? 0
                : segment->content_count * VSPACE_PAGE);
        (void)fprintf(file, "}");
    }
    (void)fprintf(file, "]");
}

static void write_maps(
    const struct build *build, const struct sdf_pd *pd, FILE *file)
{
    (void)fprintf(file, ",\n   \"maps\": [");
    for (uint32_t i = 0; i < pd->map_count; i++) {
        const struct sdf_map *map = &pd->map[i];
        const struct sdf_region *region = &build->system->region[map->region];

        (void)fprintf(file, "%s\n    {", comma(i));
        key_string(file, "region", region->name);
        key_address(file, "vaddr", map->vaddr);
        key_number(file, "size", region->size);
        (void)fprintf(file, ", \"perms\": \"%s\"", report_perms(map->perms));
        key_bool(file, "cached", map->cached && !region->device);
        (void)fprintf(file, "}");
    }
    (void)fprintf(file, "]");
}

static void write_irqs(const struct sdf_pd *pd, FILE *file)
{
    (void)fprintf(file, ",\n   \"irqs\": [");
    for (uint32_t i = 0; i < pd->irq_count; i++) {
        (void)fprintf(file, "%s{", comma(i));
        key_string(file, "trigger", pd->irq[i].edge ? "edge" : "level");
        key_number(file, "number", pd->irq[i].number);
        key_number(file, "id", pd->irq[i].id);
        (void)fprintf(file, "}");
    }
    (void)fprintf(file, "]");
}

static void write_attributes(const struct sdf_pd *sdf, FILE *file)
{
    key_number(file, "priority", sdf->priority);
    key_number(file, "budget_us", sdf->budget_us);
    key_number(file, "period_us", sdf->period_us);
    key_bool(file, "passive", sdf->passive);
    key_bool(file, "fpu", sdf->fpu);
    key_bool(file, "smc", sdf->smc);
    key_bool(file, "reinit", sdf->reinit);
    key_bool(file, "user_timer", sdf->user_timer);
}

static void write_pd(const struct build *build, uint32_t index, FILE *file)
{
    const struct build_pd *pd = &build->pd[index];
    const struct sdf_pd *sdf = pd->sdf;

    (void)fprintf(file, "%s\n  {", comma(index));
    key_string(file, "name", sdf->name);
    key_number(file, "index", index);
    (void)fprintf(file, ", ");
    key_string(file, "program", sdf->program);
    if (sdf->parent != SDF_NONE) {
        (void)fprintf(file, ", ");
        key_string(file, "parent", build->system->pd[sdf->parent].name);
        key_number(file, "child_id", sdf->child_id);
    }
    write_attributes(sdf, file);
    key_address(file, "entry", pd->program.elf.entry);
    key_address(file, "stack", pd->stack_bottom);
    key_number(file, "stack_size", sdf->stack_size);
    key_address(file, "message_page", pd->buffer_va);
    key_address(file, "vspace", layout_pa(build, pd->tables_place));
    key_number(file, "page_tables", vspace_size(&pd->space));
    write_segments(pd, file);
    write_maps(build, sdf, file);
    write_irqs(sdf, file);
    (void)fprintf(file, "}");
}

static void write_regions(const struct build *build, FILE *file)
{
    (void)fprintf(file, ",\n \"regions\": [");
    for (uint32_t i = 0; i < build->system->region_count; i++) {
        const struct sdf_region *region = &build->system->region[i];

        (void)fprintf(file, "%s\n  {", comma(i));
        key_string(file, "name", region->name);
        key_number(file, "size", region->size);
        key_number(file, "page_size", region->page_size);
        key_address(file, "phys", region->phys);
        key_bool(file, "device", region->device);
        key_bool(file, "fixed", region->has_phys);
        key_bool(file, "used", build->region[i].needed);
        key_number(file, "prefill", region->prefill_size);
        (void)fprintf(file, "}");
    }
    (void)fprintf(file, "]");
}

static void write_channels(const struct build *build, FILE *file)
{
    const struct sdf_system *system = build->system;

    (void)fprintf(file, ",\n \"channels\": [");
    for (uint32_t i = 0; i < system->channel_count; i++) {
        (void)fprintf(file, "%s\n  [", comma(i));
        for (uint32_t side = 0; side < 2; side++) {
            const struct sdf_end *end = &system->channel[i].end[side];

            (void)fprintf(file, "%s{", comma(side));
            key_string(file, "pd", system->pd[end->pd].name);
            key_number(file, "id", end->id);
            key_bool(file, "notify", end->notify);
            key_bool(file, "pp", end->pp);
            (void)fprintf(file, "}");
        }
        (void)fprintf(file, "]");
    }
    (void)fprintf(file, "]");
}

static void write_places(const struct build *build, FILE *file)
{
    (void)fprintf(file, ",\n \"memory\": [");
    for (uint32_t i = 0; i < build->place_count; i++) {
        const struct place *place = &build->place[i];

        (void)fprintf(file, "%s\n  {", comma(i));
        key_string(file, "what", place->what);
        (void)fprintf(file, ", ");
        key_string(file, "owner", place->owner);
        key_address(file, "base", place->pa);
        key_number(file, "size", place->size);
        key_bool(file, "content", place->content);
        (void)fprintf(file, "}");
    }
    (void)fprintf(file, "]");
}

static void write_zero(const struct build *build, FILE *file)
{
    (void)fprintf(file, ",\n \"zeroed\": [");
    for (uint32_t i = 0; i < build->info.zero_count; i++) {
        (void)fprintf(
            file, "%s{\"size\": %" PRIu64, comma(i), build->info.zero[i].size);
        key_address(file, "base", build->info.zero[i].base);
        (void)fprintf(file, "}");
    }
    (void)fprintf(file, "]");
}

void report_json_write(const struct build *build, FILE *file)
{
    (void)fprintf(file, "{\n \"format\": 1,\n ");
    key_string(file, "system", build->options->system_file);
    (void)fprintf(file, ",\n ");
    key_string(file, "board", build->options->board);
    (void)fprintf(file, ",\n ");
    key_string(file, "config", build->options->config);
    key_address(file, "image_base", build->board->image_base);
    key_number(file, "image_size", build->image_size);
    key_address(file, "kernel_entry", build->kernel.elf.entry);
    key_address(file, "table", layout_pa(build, build->table_place));
    key_number(file, "table_size", build->table_size);
    key_address(
        file, "kernel_root", layout_pa(build, build->kernel_tables_place));
    write_zero(build, file);
    (void)fprintf(file, ",\n \"pds\": [");
    for (uint32_t i = 0; i < build->pd_count; i++) {
        write_pd(build, i, file);
    }
    (void)fprintf(file, "]");
    write_regions(build, file);
    write_channels(build, file);
    write_places(build, file);
    (void)fprintf(file, "\n}\n");
}
