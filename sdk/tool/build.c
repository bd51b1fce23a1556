/* SPDX-License-Identifier: BSD-2-Clause */
/* The stages in order; every one may end the program with an error, and no
 * output file exists before the last. */
#include "sdk/tool/build.h"

#include <inttypes.h>
#include <stdio.h>

#include "sdk/tool/output.h"
#include "sdk/tool/report.h"

/* The lines that the Microkit's tool prints, with our figures. */
static void print_summary(const struct build *build)
{
    uint64_t tables = vspace_size(&build->kernel_space);
    uint64_t zeroed = 0;

    for (uint32_t i = 0; i < build->pd_count; i++) {
        tables += vspace_size(&build->pd[i].space);
    }
    for (uint32_t i = 0; i < build->info.zero_count; i++) {
        zeroed += build->info.zero[i].size;
    }
    printf("MICROKIT|CAPDL SPEC: number of root objects = %" PRIu32
           ", spec footprint = %" PRIu64 "\n",
        build->pd_count, build->table_size + tables);
    printf("MICROKIT|INITIAL TASK: memory size = %" PRIu64 "\n",
        build->image_size + zeroed);
    printf(
        "MICROKIT|LOADER: image file size = %" PRIu64 "\n", build->image_size);
    printf("PRIDE|IMAGE: %s, %" PRIu32 " protection domains, zeroed = %" PRIu64
           ", report in %s\n",
        build->options->output, build->pd_count, zeroed,
        build->options->report);
}

void build_image(struct arena *arena, const struct options *options,
    const struct board *board, struct sdf_system *system)
{
    struct build *build = arena_alloc(arena, sizeof(*build));

    build->arena = arena;
    build->options = options;
    build->board = board;
    build->system = system;
    build->elf_dir = arena_printf(arena, "%s/elf", options->config_dir);

    programs_load(build);
    patch_programs(build);
    vlayout_build(build);
    layout_build(build);
    patch_programs(build);
    for (uint32_t i = 0; i < build->pd_count; i++) {
        struct build_pd *pd = &build->pd[i];

        tables_build_pd(build, pd, layout_pa(build, pd->tables_place));
    }
    table_build(build);
    image_build(build);

    image_write(build, options->output);
    report_write(build, output_open(arena, options->report));
    report_json_write(build, output_open(arena, options->report_json));
    output_commit();
    print_summary(build);
}
