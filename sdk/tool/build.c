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
    char text[REPORT_SIZE_TEXT];

    for (uint32_t i = 0; i < build->pd_count; i++) {
        tables += vspace_size(&build->pd[i].space);
    }
    for (uint32_t i = 0; i < build->info.zero_count; i++) {
        zeroed += build->info.zero[i].size;
    }
    (void)printf("MICROKIT|CAPDL SPEC: number of root objects = %" PRIu32
                 ", spec footprint = %s\n",
        build->pd_count, report_size(text, build->table_size + tables));
    (void)printf("MICROKIT|INITIAL TASK: memory size = %s\n",
        report_size(text, build->image_size + zeroed));
    (void)printf("MICROKIT|LOADER: image file size = %s\n",
        report_size(text, build->image_size));
    (void)printf("PRIDE|IMAGE: %s for %s (%s), %" PRIu32
                 " protection domains; details in %s\n",
        build->options->output, build->options->board, build->options->config,
        build->pd_count, build->options->report);
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

    load_programs(build);
    patch_programs(build);
    vlayout_build(build);
    layout_build(build);
    patch_programs(build);
    for (uint32_t i = 0; i < build->pd_count; i++) {
        struct build_pd *pd = &build->pd[i];

        page_tables_build_pd(build, pd, layout_pa(build, pd->tables_place));
    }
    system_table_build(build);
    image_build(build);

    image_write(build, options->output);
    report_write(build, output_open(arena, options->report));
    report_json_write(build, output_open(arena, options->report_json));
    output_commit();
    print_summary(build);
}
