/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h - the command line of the tool.
 *
 * Shape     strings as given, defaults filled in.
 * Owner     options_parse(); read-only afterwards.
 * Trust     untrusted: checked here, except that files may not exist.
 * Errors    "microkit: error: ..." on stderr with the usage line, status 1.
 * Source    Microkit manual, "Microkit tool"; ours: --drivers --check
 *           --expand.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sdk/tool/arena.h"
#include "sdk/tool/files.h"

enum options_image {
    OPTIONS_IMAGE_BINARY,
    OPTIONS_IMAGE_ELF,
    OPTIONS_IMAGE_UIMAGE, /* of the Microkit's for RISC-V; refused */
};

struct options {
    const char *system_file;
    const char *board;
    const char *config;
    const char *output;      /* loader.img */
    const char *report;      /* report.txt */
    const char *report_json; /* beside it: report.json */
    enum options_image image;
    const char *override_kernel; /* or NULL */
    const char *viper_output;    /* or NULL: accepted, nothing is written */
    const char *expand;          /* directory for the flat description */
    bool check;                  /* stop after the rules */
    struct files_path search;    /* as given, then ".", then the SDK's */
    const char *drivers;         /* directory of CLASS/NAME/driver.xml */

    const char *board_dir;  /* SDK/board/BOARD */
    const char *config_dir; /* SDK/board/BOARD/CONFIG */
};

/** Ends the program if the image type is not one of the architecture's. */
void options_check_image(const struct options *options, const char *arch);

/** Reads the command line; prints help and exits with 0 if asked. */
void options_parse(
    struct arena *arena, struct options *options, int argc, char **argv);
