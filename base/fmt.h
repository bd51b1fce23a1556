/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fmt.h - formatted text without a C library.
 *
 * Shape     a format string as printf's: %d i u x X p c s %, flags - 0 + space
 *           #, width and precision (also *), lengths hh h l ll z j t.
 * Units     characters.
 * Owner     the caller owns the buffer; there is no state.
 * Trust     formats are ours; a bounded %.*s prints strings from outside.
 * Errors    an unknown conversion is printed as it stands and takes no
 *           argument.  Floating point is not supported.  Text that does not
 *           fit is cut, and the return value says how long it would be.
 * Source    C11 7.21.6.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define FMT_NUMBER_MAX 65 /* binary digits of 64 bits, and a NUL */

/** Takes one character; `context` is the caller's. */
typedef void fmt_put(void *context, char c);

/** Writes the digits of `value` in `base` 2..16, and a NUL.  Returns their
 *  number.  `out` has room for FMT_NUMBER_MAX. */
size_t fmt_number(char *out, uint64_t value, uint32_t base);

/** Formats into `put`, one character at a time.  Returns their number. */
size_t fmt_emit(fmt_put *put, void *context, const char *format, va_list args)
    PRINTF_LIKE(3, 0);

/** Formats into `out`, always terminated when `size` is not 0.  Returns the
 *  length the whole text has. */
size_t fmt_vprint(char *out, size_t size, const char *format, va_list args)
    PRINTF_LIKE(3, 0);
size_t fmt_print(char *out, size_t size, const char *format, ...)
    PRINTF_LIKE(3, 4);
