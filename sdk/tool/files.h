/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * files.h - finding and reading whole files.
 *
 * Shape     a search path is an array of directories, looked at in order.
 * Units     bytes.
 * Owner     contents and names live in the arena.
 * Trust     file contents are untrusted; sizes are limited here.
 * Errors    functions say so by their result; nothing is printed here.
 * Source    none.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "sdk/tool/arena.h"

struct files_path {
    const char *const *directory;
    uint32_t count;
};

struct files_content {
    const uint8_t *data; /* followed by a NUL byte that is not counted */
    size_t size;
};

/** Finds `name` (an absolute name, or a name below one of the directories).
 *  Returns the name to open, or NULL. */
MUST_USE const char *files_find(
    struct arena *arena, const struct files_path *path, const char *name);

/** Reads a regular file of at most `limit` bytes.  Returns NULL, or what went
 *  wrong as text; `out` is untouched then. */
MUST_USE const char *files_read(struct arena *arena, const char *name,
    size_t limit, struct files_content *out);
