/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diag.h - what the tool tells people: errors and warnings, with a position.
 *
 * Shape     "Error: TEXT: FILE:LINE:COLUMN" on stderr; the line itself and a
 *           mark below it follow when the file is a loaded XML document.
 * Units     lines and columns count from 1.
 * Owner     a position's file name must stay valid.
 * Trust     text from input is printed with control characters replaced.
 * Errors    an error is final: the functions for errors do not return, the
 *           program ends with status 1.  One error per run.
 * Source    beginnings of messages are those of the Microkit's tool.
 */
#pragma once

#include <stdarg.h>
#include <stdint.h>

#include "base/attr.h"

/* Where something was written, for messages. */
struct sdf_pos {
    const char *file;
    uint32_t line; /* 0: the file as a whole */
    uint32_t column;
};

/** Prints "Error: TEXT: POSITION" (no position if NULL) and exits. */
NORETURN void diag_error(const struct sdf_pos *pos, const char *format, ...)
    PRINTF_LIKE(2, 3);

/** The same in the form "Error: TEXT @ POSITION". */
NORETURN void diag_error_at(const struct sdf_pos *pos, const char *format, ...)
    PRINTF_LIKE(2, 3);

/** The same in the form "Error: TEXT on element 'ELEMENT': POSITION". */
NORETURN void diag_error_element(const struct sdf_pos *pos, const char *element,
    const char *format, ...) PRINTF_LIKE(3, 4);

/** Prints "WARNING: TEXT: POSITION" and counts it. */
void diag_warning(const struct sdf_pos *pos, const char *format, ...)
    PRINTF_LIKE(2, 3);

/** How many warnings there were. */
uint32_t diag_warning_count(void);

/** Called once before the program ends because of an error (to remove a
 *  half-written output file); NULL for nothing. */
void diag_on_error(void (*cleanup)(void));
