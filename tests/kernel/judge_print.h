/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judge_print.h - one line per finding, whatever else is on the console.
 *
 * Shape     a line starts with judge_line(), is made of fields that '|' parts,
 *           and ends with judge_end().
 * Owner     only the judge of a system prints, so that lines stay whole.
 */
#pragma once

#include <stdint.h>

/** Starts a line of its own: "NAME|text". */
void judge_line(const char *name, const char *text);
/** Adds "|text". */
void judge_text(const char *text);
/** Adds "|name=decimal". */
void judge_number(const char *name, uint64_t value);
/** Adds "|name=0xhex". */
void judge_hex(const char *name, uint64_t value);
/** Ends the line. */
void judge_end(void);
