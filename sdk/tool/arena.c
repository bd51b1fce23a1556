/* SPDX-License-Identifier: BSD-2-Clause */
/* Each allocation is one calloc() on a list, so that the sanitizers see the
 * bounds of every object; the tool runs for milliseconds. */
#include "sdk/tool/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sdk/tool/diag.h"

struct arena_chunk {
    struct arena_chunk *previous;
    _Alignas(max_align_t) unsigned char bytes[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        diag_error(NULL, "out of memory");
    }

    struct arena_chunk *chunk = calloc(1, sizeof *chunk + size);

    if (chunk == NULL) {
        diag_error(NULL, "out of memory");
    }
    chunk->previous = arena->last;
    arena->last = chunk;
    return chunk->bytes;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size) {
        diag_error(NULL, "out of memory");
    }
    return arena_alloc(arena, count * size);
}

void *arena_room(struct arena *arena, void *array, uint32_t count, size_t size)
{
    /* capacities are powers of two, so `count` says when one is full */
    if (count != 0 && (count & (count - 1)) != 0) {
        return array;
    }

    size_t capacity = count == 0 ? 1 : (size_t)count * 2;
    void *larger = arena_array(arena, capacity, size);

    if (count != 0) {
        memcpy(larger, array, count * size);
    }
    return larger;
}

char *arena_copy(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    memcpy(copy, text, len);
    return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);

    int len = vsnprintf(NULL, 0, format, again);

    va_end(again);
    if (len < 0) {
        diag_error(NULL, "text cannot be formatted");
    }

    char *text = arena_alloc(arena, (size_t)len + 1);

    (void)vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void arena_release(struct arena *arena)
{
    while (arena->last != NULL) {
        struct arena_chunk *chunk = arena->last;

        arena->last = chunk->previous;
        free(chunk);
    }
}
