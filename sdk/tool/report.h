/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.h - what is in an image, for people and for programs.
 *
 * Shape     report.txt is read by people and may change; report.json is read
 *           by tests and keeps its keys.
 * Units     bytes; addresses in hexadecimal (strings in JSON).
 * Owner     reads a finished struct build.
 * Trust     names come from the description: JSON strings are escaped.
 * Errors    write errors show when the file is closed (output.h).
 * Source    docs/manual.md, "Report".
 */
#pragma once

#include <stdio.h>

#include "sdk/tool/build.h"

void report_write(const struct build *build, FILE *file);
void report_json_write(const struct build *build, FILE *file);
