/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.h - memory that lives until the tool exits.
 *
 * Shape     a list of chunks; nothing is freed alone.
 * Units     bytes.
 * Owner     main() owns the one arena; everybody allocates from it.
 * Trust     sizes come from checked input.
 * Errors    out of memory ends the program with a message, status 1.
 * Source    none.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *last;
};

/** Returns `size` zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/** Returns a zeroed array of `count` items of `size` bytes. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/**
 * Makes room for one more item at the end of `array`, which holds `count`
 * items; returns where the array is now.  Items are appended one at a time:
 * `a = arena_room(arena, a, n, sizeof *a); a[n++] = item;`
 */
void *arena_room(struct arena *arena, void *array, uint32_t count, size_t size);

/** Returns a NUL-terminated copy of `len` bytes. */
char *arena_copy(struct arena *arena, const char *text, size_t len);

/** Returns a formatted string. */
char *arena_printf(struct arena *arena, const char *format, ...)
    PRINTF_LIKE(2, 3);

/** The same with the arguments as a list. */
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    PRINTF_LIKE(2, 0);

/** Gives everything back. */
void arena_release(struct arena *arena);
