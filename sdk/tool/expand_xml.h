/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expand_xml.h - an expanded description as XML.
 *
 * Shape     on stdout, in the order of struct sdf_system.
 * Errors    what the Microkit does not have: a warning; output that cannot be
 *           written: message, status 1.
 * Source    Microkit manual, "System description file".
 */
#pragma once

#include "sdk/tool/sdf.h"

/** Writes the description; programs with configurations are called as
 *  expand_script_name() calls them. */
void expand_xml_write(struct arena *arena, const struct sdf_system *system);
