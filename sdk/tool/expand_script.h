/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expand_script.h - the configurations of an expanded description, as files,
 * and the script that puts them into copies of the programs.
 *
 * Shape     PD.SECTION.data for each configuration; sections.sh makes PD.elf.
 * Trust     names of PDs and files may hold anything: they are quoted.
 * Errors    files that cannot be written: message, status 1.
 */
#pragma once

#include "sdk/tool/sdf.h"

/** A file name with the PD's name in it; '/' becomes '_'. */
char *expand_script_name(
    struct arena *arena, const struct sdf_pd *pd, const char *suffix);

/** Writes everything; programs are looked for in `search`. */
void expand_script_write(struct arena *arena, const struct files_path *search,
    const struct sdf_system *system, const char *directory);
