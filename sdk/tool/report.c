/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.c - report.txt: what is in an image, for people.
 *
 * One function per chapter, in the order in which one asks: how large, what
 * is odd, where is what, who is there, who shares memory, who may disturb
 * whom.
 */
#include "sdk/tool/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/range.h"
#include "sdk/tool/diag.h"

/* A line of the memory map. */
struct line {
    uint64_t base;
    uint64_t size;
    const char *what;
    const char *owner;
    const char *kind;
};

const char *report_perms(uint32_t perms)
{
    static const char *const text[] = { "---", "r--", "-w-", "rw-", "--x",
        "r-x", "-wx", "rwx" };

    return text[perms & 7];
}

const char *report_size(char text[REPORT_SIZE_TEXT], uint64_t size)
{
    static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB" };
    uint32_t step = 0;
    double value = (double)size;

    while (value >= 1024 && step + 1 < ARRAY_LEN(unit)) {
        value /= 1024;
        step++;
    }
    (void)snprintf(text, REPORT_SIZE_TEXT, "%.*f %s", step == 0 ? 0 : 2, value,
        unit[step]);
    return text;
}

static void chapter(FILE *file, const char *title)
{
    (void)fprintf(file, "\n# %s\n\n", title);
}

/* --- Sizes ------------------------------------------------------------------ */

static uint64_t size_of(
    const struct build *build, const char *what, bool content)
{
    uint64_t size = 0;

    for (uint32_t i = 0; i < build->place_count; i++) {
        const struct place *place = &build->place[i];

        if (place->content == content && strcmp(place->what, what) == 0) {
            size += place->size;
        }
    }
    return size;
}

static uint64_t program_pages(const struct program *program)
{
    uint64_t pages = 0;

    for (uint32_t i = 0; i < program->segment_count; i++) {
        pages += program->segment[i].page_count;
    }
    return pages * VSPACE_PAGE;
}

static void size_line(FILE *file, const char *what, uint64_t size)
{
    char text[REPORT_SIZE_TEXT];

    if (size != 0) {
        (void)fprintf(file, "  %-24s %12" PRIu64 "  %s\n", what, size,
            report_size(text, size));
    }
}

static void write_sizes(const struct build *build, FILE *file)
{
    static const char *const content[] = { "system table", "page tables",
        "program", "reinit copy", "prefill" };
    static const char *const zeroed[] = { "state", "message pages",
        "program bss", "stack", "region" };
    uint64_t total = 0;

    chapter(file, "Sizes");
    (void)fprintf(file, "In the image file:\n");
    size_line(file, "loader", program_pages(&build->loader));
    size_line(file, "kernel", program_pages(&build->kernel));
    for (size_t i = 0; i < ARRAY_LEN(content); i++) {
        size_line(file, content[i], size_of(build, content[i], true));
    }
    size_line(file, "file, with gaps", build->image_size);
    (void)fprintf(file, "Zeroed by the loader:\n");
    for (size_t i = 0; i < ARRAY_LEN(zeroed); i++) {
        size_line(file, zeroed[i], size_of(build, zeroed[i], false));
    }
    for (uint32_t i = 0; i < build->info.zero_count; i++) {
        total += build->info.zero[i].size;
    }
    size_line(file, "total", total);
}

/* --- Warnings --------------------------------------------------------------- */

static void write_warnings(const struct build *build, FILE *file)
{
    uint32_t count = 0;

    chapter(file, "Worth a look");
    for (uint32_t i = 1; i < build->pd_count; i++) {
        const struct sdf_pd *pd = build->pd[i].sdf;

        for (uint32_t k = 0; k < pd->map_count; k++) {
            if (pd->map[k].perms == REPORT_RWX) {
                (void)fprintf(file,
                    "  '%s' maps '%s' writable and executable\n", pd->name,
                    build->system->region[pd->map[k].region].name);
                count++;
            }
        }
        if (pd->smc) {
            (void)fprintf(file, "  '%s' may call the firmware\n", pd->name);
            count++;
        }
    }
    for (uint32_t i = 0; i < build->system->region_count; i++) {
        if (!build->region[i].needed) {
            (void)fprintf(file, "  region '%s' is unused\n",
                build->system->region[i].name);
            count++;
        }
    }
    if (count == 0) {
        (void)fprintf(file, "  nothing\n");
    }
}

/* --- Physical memory ---------------------------------------------------------- */

static int by_base(const void *left, const void *right)
{
    const struct line *a = left;
    const struct line *b = right;

    return a->base < b->base ? -1 : a->base > b->base;
}

static uint32_t add_program(
    struct line *line, const struct program *program, const char *owner)
{
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct program_segment *segment = &program->segment[i];

        line[i] = (struct line){ segment->pa, segment->page_count * VSPACE_PAGE,
            "program", owner, "image" };
    }
    return program->segment_count;
}

static void write_memory(const struct build *build, FILE *file)
{
    struct line *line = arena_array(build->arena,
        build->place_count + build->system->region_count +
            2u * ELF_SEGMENTS_MAX,
        sizeof(*line));
    uint32_t count = add_program(line, &build->loader, "loader");

    count += add_program(line + count, &build->kernel, "kernel");
    for (uint32_t i = 0; i < build->place_count; i++) {
        const struct place *place = &build->place[i];

        line[count++] = (struct line){ place->pa, place->size, place->what,
            place->owner, place->content ? "image" : "zeroed" };
    }
    for (uint32_t i = 0; i < build->system->region_count; i++) {
        const struct sdf_region *region = &build->system->region[i];

        if (region->device && build->region[i].needed) {
            line[count++] = (struct line){ region->phys, region->size, "region",
                region->name, "device" };
        }
    }
    qsort(line, count, sizeof(*line), by_base);

    chapter(file, "Physical memory");
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(file,
            "  0x%09" PRIx64 "..0x%09" PRIx64 "  %-6s  %-13s  %s\n",
            line[i].base, line[i].base + line[i].size, line[i].kind,
            line[i].what, line[i].owner);
    }
}

/* --- Protection domains ------------------------------------------------------- */

static void write_layout(const struct build_pd *pd, FILE *file)
{
    for (uint32_t i = 0; i < pd->program.segment_count; i++) {
        const struct program_segment *segment = &pd->program.segment[i];

        (void)fprintf(file,
            "    0x%010" PRIx64 "..0x%010" PRIx64 "  %s  program, %" PRIu64
            " of %" PRIu64 " pages with content\n",
            segment->vaddr, segment->vaddr + segment->page_count * VSPACE_PAGE,
            report_perms(segment->perms),
            segment == pd->reinit.segment ? 0 : segment->content_count,
            segment->page_count);
    }
    if (pd->reinit.copy_size != 0) {
        (void)fprintf(file,
            "    0x%010" PRIx64 "..0x%010" PRIx64
            "  r--  copy of the writable segment\n",
            pd->reinit.copy_va, pd->reinit.copy_va + pd->reinit.copy_size);
    }
    (void)fprintf(file,
        "    0x%010" PRIx64 "..0x%010" PRIx64 "  rw-  stack\n"
        "    0x%010" PRIx64 "..0x%010" PRIx64 "  rw-  message page\n",
        pd->stack_bottom, pd->stack_top, pd->buffer_va,
        pd->buffer_va + VSPACE_PAGE);
}

static void write_maps(
    const struct build *build, const struct sdf_pd *pd, FILE *file)
{
    for (uint32_t i = 0; i < pd->map_count; i++) {
        const struct sdf_map *map = &pd->map[i];
        const struct sdf_region *region = &build->system->region[map->region];

        (void)fprintf(file,
            "    0x%010" PRIx64 "..0x%010" PRIx64 "  %s  region '%s'%s\n",
            map->vaddr, map->vaddr + region->size, report_perms(map->perms),
            region->name,
            region->device ? ", device" : (map->cached ? "" : ", not cached"));
    }
}

/* Writes what one end of a channel may do, and what is done to it. */
static void write_end(const struct sdf_system *system,
    const struct sdf_end *own, const struct sdf_end *other, FILE *file)
{
    const char *const rights[] = {
        own->notify ? "may notify" : NULL,
        own->pp ? "may call" : NULL,
        other->pp ? "is called" : NULL,
    };
    const char *before = " ";

    (void)fprintf(file,
        "    channel %2" PRIu32 " to '%s' (%" PRIu32 "):", own->id,
        system->pd[other->pd].name, other->id);
    for (size_t i = 0; i < ARRAY_LEN(rights); i++) {
        if (rights[i] != NULL) {
            (void)fprintf(file, "%s%s", before, rights[i]);
            before = ", ";
        }
    }
    (void)fputc('\n', file);
}

static void write_rights(
    const struct build *build, const struct sdf_pd *pd, FILE *file)
{
    const struct sdf_system *system = build->system;

    for (uint32_t i = 0; i < system->channel_count; i++) {
        for (uint32_t side = 0; side < 2; side++) {
            const struct sdf_end *own = &system->channel[i].end[side];
            const struct sdf_end *other = &system->channel[i].end[1 - side];

            if (&system->pd[own->pd] == pd) {
                write_end(system, own, other, file);
            }
        }
    }
    for (uint32_t i = 0; i < pd->irq_count; i++) {
        (void)fprintf(file,
            "    channel %2" PRIu32 " is interrupt %" PRIu32 ", %s\n",
            pd->irq[i].id, pd->irq[i].number,
            pd->irq[i].edge ? "edge" : "level");
    }
}

static void write_pd(const struct build *build, uint32_t index, FILE *file)
{
    const struct build_pd *pd = &build->pd[index];
    const struct sdf_pd *sdf = pd->sdf;

    (void)fprintf(file,
        "%" PRIu32 " '%s': %s\n"
        "    priority %" PRIu32 ", budget %" PRIu64 " of %" PRIu64 " us%s%s%s%s"
        "\n",
        index, sdf->name, sdf->program, sdf->priority, sdf->budget_us,
        sdf->period_us, sdf->passive ? ", passive" : "",
        sdf->fpu ? ", fpu" : "", sdf->smc ? ", smc" : "",
        sdf->user_timer ? ", user timer" : "");
    if (sdf->parent != SDF_NONE) {
        (void)fprintf(file, "    child %" PRIu32 " of '%s'%s\n", sdf->child_id,
            build->system->pd[sdf->parent].name,
            sdf->reinit ? ", fresh memory at every start" : "");
    }
    (void)fprintf(file,
        "    page tables %" PRIu64 " bytes, entry 0x%" PRIx64 "\n",
        vspace_size(&pd->space), pd->program.elf.entry);
    write_layout(pd, file);
    write_maps(build, sdf, file);
    write_rights(build, sdf, file);
    (void)fprintf(file, "\n");
}

static void write_regions(const struct build *build, FILE *file)
{
    const struct sdf_system *system = build->system;

    chapter(file, "Memory regions and who maps them");
    for (uint32_t i = 0; i < system->region_count; i++) {
        const struct sdf_region *region = &system->region[i];

        (void)fprintf(file, "  '%s' 0x%" PRIx64 " bytes at 0x%" PRIx64 "%s\n",
            region->name, region->size, region->phys,
            region->device ? ", device" : "");
        for (uint32_t p = 0; p < system->pd_count; p++) {
            for (uint32_t k = 0; k < system->pd[p].map_count; k++) {
                const struct sdf_map *map = &system->pd[p].map[k];

                if (map->region == i) {
                    (void)fprintf(file, "      %s  %s\n",
                        report_perms(map->perms), system->pd[p].name);
                }
            }
        }
    }
}

void report_write(const struct build *build, FILE *file)
{
    const struct options *options = build->options;

    (void)fprintf(file,
        "Pride image report\n\n"
        "  system %s, board %s, configuration %s\n"
        "  image at 0x%" PRIx64 ", kernel entry 0x%" PRIx64
        ", system table at 0x%" PRIx64 "\n",
        options->system_file, options->board, options->config,
        build->board->image_base, build->kernel.elf.entry,
        layout_pa(build, build->table_place));
    write_sizes(build, file);
    write_warnings(build, file);
    write_memory(build, file);
    chapter(file, "Protection domains");
    for (uint32_t i = 0; i < build->pd_count; i++) {
        write_pd(build, i, file);
    }
    write_regions(build, file);
}
