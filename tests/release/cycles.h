/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cycles.h - does the cycle counter run without having been started?
 *
 * Shape     one function in two files, of which the build takes one: cycles_open.c
 *           (benchmark) looks, cycles_closed.c (debug, release) may not.
 */
#pragma once

/** What to print about the counter; may be empty. */
const char *cycles_text(void);
