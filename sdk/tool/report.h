/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.h - what is in an image, for people and for programs.
 *
 * Shape     report.txt is read by people and may change; report.json is read
 *           by tests and keeps its keys.
 * Units     bytes; addresses in hexadecimal (as strings in JSON).
 * Owner     reads a finished struct build.
 * Trust     names come from the description: JSON strings are escaped.
 * Errors    write errors show when the file is closed (output.h).
 * Source    docs/manual.md, "Report".
 */
#pragma once

#include <stdio.h>

#include "sdk/tool/build.h"

#define REPORT_SIZE_TEXT 32
#define REPORT_RWX       (SDF_READ | SDF_WRITE | SDF_EXECUTE)

void report_write(const struct build *build, FILE *file);
void report_json_write(const struct build *build, FILE *file);
/** "rwx" with dashes, of enum sdf_perms or vspace_perms. */
const char *report_perms(uint32_t perms);
/** "74.19 KiB", in the caller's text. */
const char *report_size(char text[REPORT_SIZE_TEXT], uint64_t size);
