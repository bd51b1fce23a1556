/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.c - one program as memory.
 *
 * A page counts as content when a byte of it is not zero after loading, or
 * when something patched it: so the set is known before any physical address
 * is, and the image holds no page of zeros.
 */
#include "sdk/tool/program.h"

#include <inttypes.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/diag.h"
#include "sdk/tool/vspace.h"

NORETURN static void bad_elf(const char *path, const struct elf_error *error)
{
    diag_error(
        NULL, "%s: offset 0x%" PRIx64 ": %s", path, error->offset, error->text);
}

void program_open(struct arena *arena, const struct files_path *path,
    const struct program_source *source, struct elf *elf, const char **found)
{
    struct elf_error error;
    struct files_content file;
    const char *why;

    *found = files_find(arena, path, source->name);
    if (*found == NULL) {
        diag_error(
            source->pos, "unable to find program image: '%s'", source->name);
    }
    why = files_read(arena, *found, PROGRAM_FILE_MAX, &file);
    if (why != NULL) {
        diag_error(
            source->pos, "cannot read program image '%s': %s", *found, why);
    }
    if (!elf_open(elf, file.data, file.size, source->machine, &error)) {
        bad_elf(*found, &error);
    }
}

static uint32_t perms_of(uint32_t flags)
{
    uint32_t perms = VSPACE_READ;

    if (flags & ELF_W) {
        perms |= VSPACE_WRITE;
    }
    if (flags & ELF_X) {
        perms |= VSPACE_EXECUTE;
    }
    return perms;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

static void fill_segment(struct program *program, struct arena *arena,
    const struct elf_segment *from)
{
    struct program_segment *to = &program->segment[program->segment_count++];
    uint64_t end =
        range_round_up(from->vaddr + from->mem_size, (uint64_t)VSPACE_PAGE);

    to->elf_vaddr = from->vaddr;
    to->elf_size = from->mem_size;
    to->vaddr = from->vaddr & ~(uint64_t)(VSPACE_PAGE - 1);
    to->pa = from->paddr - (from->vaddr - to->vaddr);
    to->page_count = (end - to->vaddr) / VSPACE_PAGE;
    to->perms = perms_of(from->flags);
    to->memory = arena_array(arena, to->page_count, VSPACE_PAGE);
    to->has_content = arena_array(arena, to->page_count, sizeof(bool));
    memcpy(to->memory + (from->vaddr - to->vaddr),
        program->elf.data + from->offset, from->file_size);
    for (uint64_t i = 0; i < to->page_count; i++) {
        to->has_content[i] =
            !is_zero(to->memory + i * VSPACE_PAGE, VSPACE_PAGE);
        to->content_count += to->has_content[i] ? 1 : 0;
    }
}

void program_fill(struct program *program, struct arena *arena)
{
    uint64_t total = 0;

    for (uint32_t i = 0; i < program->elf.segment_count; i++) {
        const struct elf_segment *segment = &program->elf.segment[i];

        if (segment->mem_size > PROGRAM_SIZE_MAX - total) {
            diag_error(NULL, "%s: segments need more than %u MiB",
                program->path, PROGRAM_SIZE_MAX >> 20);
        }
        total += segment->mem_size;
        fill_segment(program, arena, segment);
    }
}

void program_load(struct program *program, struct arena *arena,
    const struct files_path *path, const struct program_source *source)
{
    struct elf_error error;

    program_open(arena, path, source, &program->elf, &program->path);
    if (!elf_check_pages(&program->elf, &error)) {
        bad_elf(program->path, &error);
    }
    program->symbols = program->elf;
    program->symbols_path = program->path;
    if (source->symbols != NULL) {
        struct program_source symbols = *source;

        symbols.name = source->symbols;
        program_open(
            arena, path, &symbols, &program->symbols, &program->symbols_path);
    }
    program_fill(program, arena);
}

struct program_segment *program_segment_at(
    struct program *program, uint64_t vaddr, uint64_t size)
{
    for (uint32_t i = 0; i < program->segment_count; i++) {
        struct program_segment *segment = &program->segment[i];

        if (range_holds(segment->elf_vaddr, segment->elf_size, vaddr, size)) {
            return segment;
        }
    }
    return NULL;
}

bool program_write(
    struct program *program, uint64_t vaddr, const void *data, uint64_t size)
{
    struct program_segment *segment = program_segment_at(program, vaddr, size);

    if (segment == NULL) {
        return false;
    }
    if (size == 0) {
        return true;
    }

    uint64_t offset = vaddr - segment->vaddr;
    uint64_t last = (offset + size - 1) / VSPACE_PAGE;

    memcpy(segment->memory + offset, data, size);
    for (uint64_t i = offset / VSPACE_PAGE; i <= last; i++) {
        segment->content_count += segment->has_content[i] ? 0 : 1;
        segment->has_content[i] = true;
    }
    return true;
}
