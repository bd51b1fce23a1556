/* SPDX-License-Identifier: BSD-2-Clause */
/* A full disk shows at the latest in fclose(), so names change after that. */
#include "sdk/tool/output.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sdk/tool/diag.h"

struct output_file {
    const char *path;
    const char *part;
    FILE *file; /* NULL when closed */
};

static struct {
    struct output_file file[OUTPUT_MAX];
    uint32_t count;
} output;

static void output_remove(void)
{
    for (uint32_t i = 0; i < output.count; i++) {
        (void)unlink(output.file[i].part);
    }
}

FILE *output_open(struct arena *arena, const char *path)
{
    struct output_file *out = &output.file[output.count];

    assert(output.count < OUTPUT_MAX);
    out->path = path;
    out->part = arena_printf(arena, "%s.part", path);
    out->file = fopen(out->part, "wb");
    if (out->file == NULL) {
        diag_error(NULL, "cannot write '%s': %s", path, strerror(errno));
    }
    output.count++;
    diag_on_error(output_remove);
    return out->file;
}

void output_commit(void)
{
    for (uint32_t i = 0; i < output.count; i++) {
        struct output_file *out = &output.file[i];
        int failed = ferror(out->file);

        if (fclose(out->file) != 0 || failed != 0) {
            diag_error(NULL, "cannot write '%s'", out->path);
        }
        out->file = NULL;
    }
    for (uint32_t i = 0; i < output.count; i++) {
        if (rename(output.file[i].part, output.file[i].path) != 0) {
            diag_error(NULL, "cannot write '%s': %s", output.file[i].path,
                strerror(errno));
        }
    }
    output.count = 0;
    diag_on_error(NULL);
}
