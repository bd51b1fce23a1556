/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of the script for each PD that has configurations. */
#include "sdk/tool/expand_script.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct expand_script {
    struct arena *arena;
    const struct files_path *search; /* for programs */
    const char *directory;
    FILE *file;
};

/* Opens a file of the directory for writing. */
static FILE *expand_open(const struct expand_script *script, const char *name)
{
    const char *path =
        arena_printf(script->arena, "%s/%s", script->directory, name);
    FILE *file = fopen(path, "wb");

    if (file == NULL) {
        diag_error(NULL, "cannot write '%s': %s", path, strerror(errno));
    }
    return file;
}

static void expand_close(FILE *file, const char *name)
{
    int failed = ferror(file);

    if (fclose(file) != 0 || failed != 0) {
        diag_error(NULL, "cannot write '%s'", name);
    }
}

/* Quotes for the shell: what is inside '' is taken as it is. */
static void expand_quote(FILE *file, const char *text)
{
    (void)fputc('\'', file);
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            (void)fputs("'\\''", file);
        } else {
            (void)fputc(*text, file);
        }
    }
    (void)fputc('\'', file);
}

char *expand_script_name(
    struct arena *arena, const struct sdf_pd *pd, const char *suffix)
{
    char *name = arena_printf(arena, "%s%s", pd->name, suffix);

    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '/' ? '_' : *c;
    }
    return name;
}

/* Where a program is, seen from any directory: the script runs in another one than
 * the tool.  What is not there yet keeps the name that the description has. */
static const char *expand_program(
    const struct expand_script *script, const char *name)
{
    const char *found = files_find(script->arena, script->search, name);
    char absolute[PATH_MAX];

    if (found == NULL || realpath(found, absolute) == NULL) {
        return name;
    }
    return arena_printf(script->arena, "%s", absolute);
}

/* One PD's configurations, and the command that puts them into a copy. */
static void expand_sections(
    const struct expand_script *script, const struct sdf_pd *pd)
{
    struct arena *arena = script->arena;

    (void)fputs("llvm-objcopy", script->file);
    for (uint32_t i = 0; i < pd->section_count; i++) {
        const struct sdf_section *section = &pd->section[i];
        const char *name = expand_script_name(
            arena, pd, arena_printf(arena, "%s.data", section->name));
        FILE *file = expand_open(script, name);

        (void)fwrite(section->data, 1, section->size, file);
        expand_close(file, name);
        (void)fputs(" --update-section ", script->file);
        expand_quote(
            script->file, arena_printf(arena, "%s=%s", section->name, name));
    }
    (void)fputc(' ', script->file);
    expand_quote(script->file, expand_program(script, pd->program));
    (void)fputc(' ', script->file);
    expand_quote(script->file, expand_script_name(arena, pd, ".elf"));
    (void)fputc('\n', script->file);
}

/* Ends the program if the PD's files would be those of an earlier one: "a/b" and
 * "a_b" are different names of PDs, but not of files. */
static void expand_check_name(
    struct arena *arena, const struct sdf_system *system, uint32_t index)
{
    const struct sdf_pd *pd = &system->pd[index];
    const char *name = expand_script_name(arena, pd, "");

    for (uint32_t i = 0; i < index; i++) {
        const struct sdf_pd *other = &system->pd[i];

        if (other->section_count != 0 &&
            strcmp(expand_script_name(arena, other, ""), name) == 0) {
            diag_error(&pd->pos,
                "protection domains '%s' and '%s' would share files named '%s'",
                other->name, pd->name, name);
        }
    }
}

void expand_script_write(struct arena *arena, const struct files_path *search,
    const struct sdf_system *system, const char *directory)
{
    struct expand_script script = {
        .arena = arena,
        .search = search,
        .directory = directory,
    };

    for (uint32_t i = 0; i < system->pd_count; i++) {
        if (system->pd[i].section_count != 0) {
            expand_check_name(arena, system, i);
        }
    }
    script.file = expand_open(&script, "sections.sh");
    (void)fputs("#!/bin/sh\n"
                "# Makes the programs PD.elf beside it.\n"
                "set -e\n"
                "cd \"$(dirname \"$0\")\"\n",
        script.file);
    for (uint32_t i = 0; i < system->pd_count; i++) {
        if (system->pd[i].section_count != 0) {
            expand_sections(&script, &system->pd[i]);
        }
    }
    expand_close(script.file, "sections.sh");
}
