/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program's own file says: which configurations it has a place for, and
 * whether it needs floating-point registers.  The file may be missing while a
 * description is only checked or expanded: then nothing is known of it. */
#include <string.h>

#include "abi/note.h"
#include "sdk/tool/arch.h"
#include "sdk/tool/program.h"
#include "sdk/tool/subsystem.h"

/* Files that were looked at, so that each is read once. */
struct sdf_program {
    const char *name;
    struct elf elf;
    bool usable;
    struct sdf_program *next;
};

static struct sdf_program *program_read(
    struct sdf_build *build, const char *name)
{
    struct sdf_program *program = arena_alloc(build->arena, sizeof *program);
    const char *file = files_find(build->arena, &build->options->search, name);
    struct files_content content;
    struct elf_error error;

    program->name = name;
    program->usable =
        file != NULL &&
        files_read(build->arena, file, PROGRAM_FILE_MAX, &content) == NULL &&
        elf_open(&program->elf, content.data, content.size,
            build->options->board->arch->elf_machine, &error);
    program->next = build->program;
    build->program = program;
    return program;
}

/* The program's file, or NULL. */
static const struct elf *program_elf(struct sdf_build *build, const char *name)
{
    struct sdf_program *program = build->program;

    while (program != NULL && strcmp(program->name, name) != 0) {
        program = program->next;
    }
    if (program == NULL) {
        program = program_read(build, name);
    }
    return program->usable ? &program->elf : NULL;
}

bool subsystem_program_has_section(
    struct sdf_build *build, const char *program, const char *name)
{
    const struct elf *elf = program_elf(build, program);
    struct elf_range range;

    return elf != NULL && elf_section(elf, name, &range) == ELF_FOUND;
}

bool subsystem_program_has_no_fpu(struct sdf_build *build, const char *program)
{
    const struct elf *elf = program_elf(build, program);

    return elf != NULL && elf_has_note(elf, ABI_NOTE_OWNER, ABI_NOTE_NO_FPU);
}
