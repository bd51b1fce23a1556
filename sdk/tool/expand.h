/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expand.h - writes a description without our extensions, which the seL4
 * Microkit's tool accepts.
 *
 * Shape     XML on stdout.  In the directory: PD.SECTION.data, a program's
 *           configuration, and sections.sh, which puts them into copies of the
 *           programs named PD.elf, as the XML calls them.
 * Units     bytes.
 * Owner     expand_write(); gives physical addresses to the regions whose
 *           addresses are in a configuration, downwards from where
 *           description generators do.
 * Trust     the description passed the rules.
 * Errors    files that cannot be written: message, status 1.
 * Source    Microkit manual, "System description file".
 */
#pragma once

#include "sdk/tool/sdf.h"

/** Writes everything; `directory` is made if it is not there. */
void expand_write(struct arena *arena, const struct sdf_options *options,
    struct sdf_system *system, const char *directory);
