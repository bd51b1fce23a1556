/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.h - reads a 64-bit little-endian ELF executable held in memory.
 *
 * Shape     struct elf points into the caller's bytes; nothing is allocated.
 * Units     bytes; virtual addresses as the file says.
 * Owner     the caller owns the bytes and keeps them while it uses the elf.
 * Trust     none: elf_open() checks every offset, size and index it follows;
 *           what it accepted is safe to use without further checks.
 * Errors    false, with the file offset of the bad field and a text.
 * Source    System V ABI, "Object Files" and "Program Loading"; ELF for the
 *           Arm 64-bit Architecture.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define ELF_SEGMENTS_MAX 16u

/* Segment permissions, as in p_flags. */
enum elf_flags {
    ELF_X = 1,
    ELF_W = 2,
    ELF_R = 4,
};

/* One loadable segment with at least one byte of memory. */
struct elf_segment {
    uint64_t vaddr;
    uint64_t paddr;
    uint64_t offset; /* of the first content byte in the file */
    uint64_t file_size;
    uint64_t mem_size; /* >= file_size; the rest is zero */
    uint32_t flags;    /* enum elf_flags */
};

/* A table in the file; `count` entries, all inside the file. */
struct elf_part {
    uint64_t offset;
    uint64_t count;
};

struct elf {
    const uint8_t *data;
    size_t size;
    uint64_t entry;
    struct elf_segment segment[ELF_SEGMENTS_MAX]; /* by ascending vaddr */
    uint32_t segment_count;
    struct elf_part section;      /* section headers; count 0: none */
    struct elf_part section_name; /* their string table, NUL terminated */
    struct elf_part symbol;       /* symbol table; count 0: stripped */
    struct elf_part symbol_name;  /* its string table, NUL terminated */
};

struct elf_error {
    uint64_t offset; /* in the file */
    char text[400];
};

/* A symbol or an allocated section: a range of the program's memory. */
struct elf_range {
    uint64_t vaddr;
    uint64_t size;
};

enum elf_found {
    ELF_MISSING,
    ELF_FOUND,
    ELF_AMBIGUOUS, /* more than one definition has this name */
};

/** Checks the file of `size` bytes and fills `elf`. */
MUST_USE bool elf_open(struct elf *elf, const uint8_t *data, size_t size,
    uint32_t machine, struct elf_error *error);
/** Checks that the segments can be protected page by page: none writable and
 *  executable (the text says which sections are to blame, and what to do), no
 *  two in one page, entry inside an executable one. */
MUST_USE bool elf_check_pages(const struct elf *elf, struct elf_error *error);
/** Finds a defined symbol by its name. */
enum elf_found elf_symbol(
    const struct elf *elf, const char *name, struct elf_range *out);
/** Finds a section that occupies memory by its name. */
enum elf_found elf_section(
    const struct elf *elf, const char *name, struct elf_range *out);
/** Is there a note of this owner and type? */
bool elf_has_note(const struct elf *elf, const char *owner, uint32_t type);
/** The segment that holds `size` bytes from `vaddr`, or NULL. */
const struct elf_segment *elf_segment_at(
    const struct elf *elf, uint64_t vaddr, uint64_t size);
