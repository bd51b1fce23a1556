/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * date.h - dates as HTTP writes them.
 *
 * Units     seconds since 1970-01-01 00:00 UTC, no leap seconds.
 * Trust     the text of a date comes from a peer.
 * Errors    false, and the output untouched, for a text that is no date.
 * Source    RFC 9110 section 5.6.7 (all three formats are understood).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define WEB_DATE_LEN 29u /* "Sun, 06 Nov 1994 08:49:37 GMT" */
#define WEB_DATE_MAX UINT64_C(253402300799) /* the last second of year 9999 */

/** Writes the WEB_DATE_LEN bytes of `seconds` (<= WEB_DATE_MAX) to `out`. */
void web_date_write(uint64_t seconds, char *out);

/** Reads a date in any of the three formats. */
MUST_USE bool web_date_read(const char *text, size_t len, uint64_t *seconds);
