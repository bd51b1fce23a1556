/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.h - append text to a buffer of fixed size.
 *
 * Shape     a cursor over memory of the caller; never writes past `size`.
 * Units     bytes; the text is not NUL terminated.
 * Owner     the function that declares the struct; one writer.
 * Trust     values may be anything; JSON strings are escaped.
 * Errors    what does not fit is dropped and sets `overflow`, for good: the
 *           caller looks once, at the end.
 * Source    RFC 8259 section 7 for the escapes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct web_text {
    char *bytes;
    size_t size;
    size_t len;
    bool overflow;
};

/** An empty text over `size` bytes at `bytes`. */
struct web_text web_text_over(char *bytes, size_t size);

/** Appends `len` bytes. */
void web_text_bytes(struct web_text *t, const char *bytes, size_t len);

/** Appends a NUL-terminated string. */
void web_text_put(struct web_text *t, const char *string);

/** Appends `value` in decimal, with at least `digits` digits. */
void web_text_u64(struct web_text *t, uint64_t value, unsigned digits);

/** Appends `value` as 16 lower-case hexadecimal digits. */
void web_text_hex64(struct web_text *t, uint64_t value);

/** Appends a path, escaping what a URL path may not hold literally. */
void web_text_url_path(struct web_text *t, const char *path, size_t len);

/** Appends a JSON string with its quotes; bytes above 0x7e become '?'. */
void web_text_json(struct web_text *t, const char *string);
