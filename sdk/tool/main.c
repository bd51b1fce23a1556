/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - microkit: from a system description to a bootable image.
 *
 * Read next: sdf.h (the front half: XML, rules, subsystems), then build.h
 * (the back half: layout, tables, image, report).
 */
#include "sdk/tool/build.h"
#include "sdk/tool/expand.h"

int main(int argc, char **argv)
{
    struct arena arena = { .last = NULL };
    struct options options;

    options_parse(&arena, &options, argc, argv);

    const struct board *board = board_load(&arena, options.board_dir);

    options_check_image(&options, board->arch->name);

    const struct sdf_options front = {
        .file = options.system_file,
        .board = board,
        .search = options.search,
        .drivers = options.drivers,
    };
    struct sdf_system *system = sdf_parse(&arena, &front);

    if (options.expand != NULL) {
        expand_write(&arena, &front, system, options.expand);
    } else if (!options.check) {
        build_image(&arena, &options, board, system);
    }
    arena_release(&arena);
    return 0;
}
