/* SPDX-License-Identifier: BSD-2-Clause */
/* Files are read whole: the largest is an ELF with debug information. */
#include "sdk/tool/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool files_is_regular(const char *name)
{
    struct stat status;

    return stat(name, &status) == 0 && S_ISREG(status.st_mode);
}

const char *files_find(
    struct arena *arena, const struct files_path *path, const char *name)
{
    if (name[0] == '\0') {
        return NULL;
    }
    if (name[0] == '/') {
        return files_is_regular(name) ? name : NULL;
    }
    for (uint32_t i = 0; i < path->count; i++) {
        const char *full =
            arena_printf(arena, "%s/%s", path->directory[i], name);

        if (files_is_regular(full)) {
            return full;
        }
    }
    return NULL;
}

static const char *files_load(
    struct arena *arena, FILE *file, size_t size, struct files_content *out)
{
    uint8_t *data = arena_alloc(arena, size + 1);

    if (fread(data, 1, size, file) != size) {
        return "it cannot be read";
    }
    out->data = data;
    out->size = size;
    return NULL;
}

const char *files_read(struct arena *arena, const char *name, size_t limit,
    struct files_content *out)
{
    struct stat status;

    if (stat(name, &status) != 0) {
        return strerror(errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return "it is not a regular file";
    }
    if (status.st_size < 0 || (uintmax_t)status.st_size > limit) {
        return "it is too large";
    }

    FILE *file = fopen(name, "rb");

    if (file == NULL) {
        return strerror(errno);
    }

    const char *error = files_load(arena, file, (size_t)status.st_size, out);

    (void)fclose(file);
    return error;
}
