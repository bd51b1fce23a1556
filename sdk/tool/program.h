/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.h - one program as memory: what a PD's ELF looks like once loaded.
 *
 * Shape     per segment an array of pages, patched in place, and per page
 *           whether it has content (then it goes into the image) or is all
 *           zero (then the loader zeroes it).
 * Units     bytes; addresses are the program's virtual addresses.
 * Owner     program_load(); patch.c writes through program_write().
 * Trust     the ELF is untrusted; elf.h checks it, this adds size limits.
 * Errors    a message with file name and offset, status 1.
 * Source    docs/design/interfaces.md.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sdk/tool/arena.h"
#include "sdk/tool/diag.h"
#include "sdk/tool/elf.h"
#include "sdk/tool/files.h"

struct program_segment {
    uint64_t vaddr; /* page aligned */
    uint64_t page_count;
    uint32_t perms;         /* enum vspace_perms */
    uint64_t elf_vaddr;     /* as the ELF says */
    uint64_t elf_size;      /* memory size, as the ELF says */
    uint64_t pa;            /* of its first page, as the ELF says: where kernel
                               and loader lie in the image */
    uint8_t *memory;        /* page_count pages */
    bool *has_content;      /* per page */
    uint64_t content_count; /* pages with content */
};

struct program {
    const char *path;   /* of the file that was found */
    struct elf elf;     /* the program */
    struct elf symbols; /* the same, or that of path_for_symbols */
    const char *symbols_path;
    struct program_segment segment[ELF_SEGMENTS_MAX];
    uint32_t segment_count;
};

/* Which file, and where the description asked for it. */
struct program_source {
    const char *name;
    const char *symbols; /* a second ELF for symbols only, or NULL */
    uint32_t machine;
    const struct sdf_pos *pos; /* or NULL */
};

/* A program's memory may not be larger than this. */
#define PROGRAM_SIZE_MAX (1u << 30)
/* An ELF file, debug information included, may not be larger than this. */
#define PROGRAM_FILE_MAX ((size_t)256 << 20)

/** Finds, reads and checks the ELF file source->name. */
void program_open(struct arena *arena, const struct files_path *path,
    const struct program_source *source, struct elf *elf, const char **found);
/** Finds, checks and loads a program whose pages will be protected. */
void program_load(struct program *program, struct arena *arena,
    const struct files_path *path, const struct program_source *source);
/** Makes pages out of the checked segments of program->elf. */
void program_fill(struct program *program, struct arena *arena);
/** The segment that holds all of the range, or NULL. */
struct program_segment *program_segment_at(
    struct program *program, uint64_t vaddr, uint64_t size);
/** Writes into the program's memory; false if the range is not in one
 *  segment.  The pages count as content from now on. */
MUST_USE bool program_write(
    struct program *program, uint64_t vaddr, const void *data, uint64_t size);
