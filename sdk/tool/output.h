/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.h - output files that appear all together, or not at all.
 *
 * Shape     each file is written beside its final name, as NAME.part; when
 *           everything succeeded, all are renamed.  After an error the parts
 *           are removed and older files stay as they were.
 * Owner     one list per program run.
 * Trust     names come from the command line.
 * Errors    diag_error(), status 1.
 * Source    none.
 */
#pragma once

#include <stdio.h>

#include "sdk/tool/arena.h"

#define OUTPUT_MAX 4

/** Opens a file for writing; closed by output_commit(). */
FILE *output_open(struct arena *arena, const char *path);
/** Closes all files and gives them their names. */
void output_commit(void);
