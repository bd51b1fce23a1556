/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.c - reads a 64-bit little-endian ELF executable held in memory.
 *
 * Everything the file claims is checked once, in elf_open(): first the header,
 * then the program headers, then the section headers and the two string
 * tables.  The look-ups afterwards only touch what was checked.
 */
#include "sdk/tool/elf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "abi/limits.h"
#include "base/bytes.h"
#include "base/range.h"

/* Offsets in the ELF header (System V ABI, figure 4-3, 64-bit form). */
enum {
    EH_CLASS = 4,
    EH_DATA = 5,
    EH_VERSION = 6,
    EH_TYPE = 16,
    EH_MACHINE = 18,
    EH_ENTRY = 24,
    EH_PHOFF = 32,
    EH_SHOFF = 40,
    EH_PHENTSIZE = 54,
    EH_PHNUM = 56,
    EH_SHENTSIZE = 58,
    EH_SHNUM = 60,
    EH_SHSTRNDX = 62,
    EH_SIZE = 64,
};

/* Offsets in a program header. */
enum {
    PH_TYPE = 0,
    PH_FLAGS = 4,
    PH_OFFSET = 8,
    PH_VADDR = 16,
    PH_PADDR = 24,
    PH_FILESZ = 32,
    PH_MEMSZ = 40,
    PH_SIZE = 56,
};

/* Offsets in a section header. */
enum {
    SH_NAME = 0,
    SH_TYPE = 4,
    SH_FLAGS = 8,
    SH_ADDR = 16,
    SH_OFFSET = 24,
    SH_BYTES = 32,
    SH_LINK = 40,
    SH_ENTSIZE = 56,
    SH_SIZE = 64,
};

/* Offsets in a symbol. */
enum {
    ST_NAME = 0,
    ST_INFO = 4,
    ST_SHNDX = 6,
    ST_VALUE = 8,
    ST_BYTES = 16,
    ST_SIZE = 24,

    NOTE_HEADER = 12,
};

#define ELF_CLASS_64     2u
#define ELF_DATA_LITTLE  1u
#define ELF_TYPE_EXEC    2u
#define ELF_PT_LOAD      1u
#define ELF_SHT_SYMTAB   2u
#define ELF_SHT_STRTAB   3u
#define ELF_SHT_NOTE     7u
#define ELF_SHF_WRITE    1u
#define ELF_SHF_ALLOC    2u
#define ELF_SHF_EXEC     4u
#define ELF_SHN_UNDEF    0u
#define ELF_STT_FUNCTION 2u /* larger types are not data or code */
#define ELF_PAGE         ((uint64_t)ABI_PAGE_SIZE)

PRINTF_LIKE(3, 4)
static bool fail(
    struct elf_error *error, uint64_t offset, const char *format, ...)
{
    va_list args;

    error->offset = offset;
    va_start(args, format);
    vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    return false;
}

/* The callers of these pass only offsets that were checked. */
static uint16_t get16(const struct elf *elf, uint64_t offset)
{
    return load_le16(elf->data + offset);
}

static uint32_t get32(const struct elf *elf, uint64_t offset)
{
    return load_le32(elf->data + offset);
}

static uint64_t get64(const struct elf *elf, uint64_t offset)
{
    return load_le64(elf->data + offset);
}

static bool check_header(
    const struct elf *elf, uint32_t machine, struct elf_error *error)
{
    if (elf->size < EH_SIZE || memcmp(elf->data, "\177ELF", 4) != 0) {
        return fail(error, 0, "not an ELF file");
    }
    if (elf->data[EH_CLASS] != ELF_CLASS_64) {
        return fail(error, EH_CLASS, "not a 64-bit ELF file");
    }
    if (elf->data[EH_DATA] != ELF_DATA_LITTLE) {
        return fail(error, EH_DATA, "not a little-endian ELF file");
    }
    if (elf->data[EH_VERSION] != 1) {
        return fail(error, EH_VERSION, "ELF version %u, 1 is needed",
            elf->data[EH_VERSION]);
    }
    if (get16(elf, EH_TYPE) != ELF_TYPE_EXEC) {
        return fail(error, EH_TYPE,
            "ELF type %u, a static executable (2) is needed",
            get16(elf, EH_TYPE));
    }
    if (get16(elf, EH_MACHINE) != machine) {
        return fail(error, EH_MACHINE, "built for machine %u, not %" PRIu32,
            get16(elf, EH_MACHINE), machine);
    }
    return true;
}

/* Checks one loadable header against the file and the address space. */
static bool read_segment(const struct elf *elf, uint64_t header,
    struct elf_segment *segment, struct elf_error *error)
{
    segment->flags = get32(elf, header + PH_FLAGS) & (ELF_R | ELF_W | ELF_X);
    segment->offset = get64(elf, header + PH_OFFSET);
    segment->vaddr = get64(elf, header + PH_VADDR);
    segment->paddr = get64(elf, header + PH_PADDR);
    segment->file_size = get64(elf, header + PH_FILESZ);
    segment->mem_size = get64(elf, header + PH_MEMSZ);

    if (segment->file_size > segment->mem_size) {
        return fail(error, header + PH_FILESZ,
            "segment has more bytes in the file than in memory");
    }
    if (!range_contains(elf->size, segment->offset, segment->file_size)) {
        return fail(error, header + PH_OFFSET, "segment lies outside the file");
    }
    if (segment->mem_size > UINT64_MAX - ELF_PAGE ||
        segment->vaddr > UINT64_MAX - ELF_PAGE - segment->mem_size ||
        segment->paddr > UINT64_MAX - ELF_PAGE - segment->mem_size) {
        return fail(
            error, header + PH_VADDR, "segment wraps around the address space");
    }
    return true;
}

/* Keeps the array sorted by address. */
static void insert_segment(struct elf *elf, const struct elf_segment *segment)
{
    uint32_t i = elf->segment_count++;

    while (i > 0 && elf->segment[i - 1].vaddr > segment->vaddr) {
        elf->segment[i] = elf->segment[i - 1];
        i--;
    }
    elf->segment[i] = *segment;
}

static bool read_segments(struct elf *elf, struct elf_error *error)
{
    uint64_t table = get64(elf, EH_PHOFF);
    uint32_t count = get16(elf, EH_PHNUM);

    if (count == 0) {
        return fail(error, EH_PHNUM, "no program headers");
    }
    if (get16(elf, EH_PHENTSIZE) != PH_SIZE) {
        return fail(error, EH_PHENTSIZE, "program headers of %u bytes, not 56",
            get16(elf, EH_PHENTSIZE));
    }
    if (!range_contains(elf->size, table, (uint64_t)count * PH_SIZE)) {
        return fail(error, EH_PHOFF, "program headers lie outside the file");
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t header = table + (uint64_t)i * PH_SIZE;
        struct elf_segment segment;

        if (get32(elf, header + PH_TYPE) != ELF_PT_LOAD ||
            get64(elf, header + PH_MEMSZ) == 0) {
            continue;
        }
        if (elf->segment_count == ELF_SEGMENTS_MAX) {
            return fail(error, header, "more than %u loadable segments",
                ELF_SEGMENTS_MAX);
        }
        if (!read_segment(elf, header, &segment, error)) {
            return false;
        }
        insert_segment(elf, &segment);
    }
    if (elf->segment_count == 0) {
        return fail(error, EH_PHNUM, "no loadable segment");
    }
    return true;
}

static bool check_overlaps(const struct elf *elf, struct elf_error *error)
{
    for (uint32_t i = 1; i < elf->segment_count; i++) {
        const struct elf_segment *below = &elf->segment[i - 1];

        if (elf->segment[i].vaddr < below->vaddr + below->mem_size) {
            return fail(error, get64(elf, EH_PHOFF),
                "segments at 0x%" PRIx64 " and 0x%" PRIx64 " overlap",
                below->vaddr, elf->segment[i].vaddr);
        }
    }
    return true;
}

/* A string table must end in NUL, so that every string in it ends. */
static bool read_strings(const struct elf *elf, uint64_t index,
    struct elf_part *out, struct elf_error *error)
{
    uint64_t header = elf->section.offset + index * SH_SIZE;

    if (index >= elf->section.count) {
        return fail(error, EH_SHSTRNDX, "no section %" PRIu64, index);
    }
    if (get32(elf, header + SH_TYPE) != ELF_SHT_STRTAB) {
        return fail(error, header + SH_TYPE, "not a string table");
    }
    out->offset = get64(elf, header + SH_OFFSET);
    out->count = get64(elf, header + SH_BYTES);
    if (!range_contains(elf->size, out->offset, out->count)) {
        return fail(
            error, header + SH_OFFSET, "string table lies outside the file");
    }
    if (out->count == 0 || elf->data[out->offset + out->count - 1] != 0) {
        return fail(error, header + SH_BYTES, "string table does not end in 0");
    }
    return true;
}

static bool read_symbols(
    struct elf *elf, uint64_t header, struct elf_error *error)
{
    uint64_t bytes = get64(elf, header + SH_BYTES);

    if (elf->symbol.count != 0) {
        return fail(error, header, "more than one symbol table");
    }
    if (get64(elf, header + SH_ENTSIZE) != ST_SIZE || bytes % ST_SIZE != 0) {
        return fail(
            error, header + SH_ENTSIZE, "symbol table of a wrong entry size");
    }
    elf->symbol.offset = get64(elf, header + SH_OFFSET);
    elf->symbol.count = bytes / ST_SIZE;
    if (!range_contains(elf->size, elf->symbol.offset, bytes)) {
        return fail(
            error, header + SH_OFFSET, "symbol table lies outside the file");
    }
    return read_strings(
        elf, get32(elf, header + SH_LINK), &elf->symbol_name, error);
}

static bool read_sections(struct elf *elf, struct elf_error *error)
{
    uint64_t table = get64(elf, EH_SHOFF);
    uint64_t count = get16(elf, EH_SHNUM);

    if (count == 0) {
        return true;
    }
    if (get16(elf, EH_SHENTSIZE) != SH_SIZE) {
        return fail(error, EH_SHENTSIZE, "section headers of %u bytes, not 64",
            get16(elf, EH_SHENTSIZE));
    }
    if (!range_contains(elf->size, table, count * SH_SIZE)) {
        return fail(error, EH_SHOFF, "section headers lie outside the file");
    }
    elf->section.offset = table;
    elf->section.count = count;
    if (!read_strings(
            elf, get16(elf, EH_SHSTRNDX), &elf->section_name, error)) {
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t header = table + i * SH_SIZE;

        if (get32(elf, header + SH_TYPE) == ELF_SHT_SYMTAB &&
            !read_symbols(elf, header, error)) {
            return false;
        }
    }
    return true;
}

bool elf_open(struct elf *elf, const uint8_t *data, size_t size,
    uint32_t machine, struct elf_error *error)
{
    memset(elf, 0, sizeof(*elf));
    elf->data = data;
    elf->size = size;
    if (!check_header(elf, machine, error) || !read_segments(elf, error) ||
        !check_overlaps(elf, error) || !read_sections(elf, error)) {
        return false;
    }
    elf->entry = get64(elf, EH_ENTRY);
    return true;
}

/* The name of a section, "" when it has none. */
static const char *section_name(const struct elf *elf, uint64_t header)
{
    uint32_t name = get32(elf, header + SH_NAME);

    return name < elf->section_name.count
               ? (const char *)elf->data + elf->section_name.offset + name
               : "";
}

/* The first section in the segment that has all of `flags`, or NULL. */
static const char *section_with(
    const struct elf *elf, const struct elf_segment *segment, uint64_t flags)
{
    for (uint64_t i = 0; i < elf->section.count; i++) {
        uint64_t at = elf->section.offset + i * SH_SIZE;
        uint64_t own = get64(elf, at + SH_FLAGS);

        flags |= ELF_SHF_ALLOC;
        if ((own & flags) == flags && get64(elf, at + SH_BYTES) != 0 &&
            range_holds(segment->vaddr, segment->mem_size,
                get64(elf, at + SH_ADDR), get64(elf, at + SH_BYTES))) {
            return section_name(elf, at);
        }
    }
    return NULL;
}

/* A linker gives a segment the rights of everything in it: says which sections
 * came together, and how to keep them apart. */
static bool fail_writable_code(const struct elf *elf,
    const struct elf_segment *segment, struct elf_error *error)
{
    const char *both = section_with(elf, segment, ELF_SHF_WRITE | ELF_SHF_EXEC);
    const char *code = section_with(elf, segment, ELF_SHF_EXEC);
    const char *data = section_with(elf, segment, ELF_SHF_WRITE);
    uint64_t table = get64(elf, EH_PHOFF);

    if (both != NULL) {
        return fail(error, table,
            "segment at 0x%" PRIx64 " is writable and executable: section "
            "'%.64s' is both, because one of its parts is declared writable "
            "(\"awx\", or data in a section of code): make that constant, or "
            "give it a section of its own",
            segment->vaddr, both);
    }
    if (code != NULL && data != NULL) {
        return fail(error, table,
            "segment at 0x%" PRIx64 " is writable and executable: it holds "
            "code ('%.64s') and data ('%.64s'); link with -T microkit.ld of "
            "the SDK and without -N, or give each a segment (PHDRS) of its own",
            segment->vaddr, code, data);
    }
    return fail(error, table,
        "segment at 0x%" PRIx64 " is writable and executable: its program "
        "header says so; set FLAGS(5) for code and FLAGS(6) for data in PHDRS",
        segment->vaddr);
}

bool elf_check_pages(const struct elf *elf, struct elf_error *error)
{
    uint64_t table = get64(elf, EH_PHOFF);
    uint64_t used_end = 0;

    for (uint32_t i = 0; i < elf->segment_count; i++) {
        const struct elf_segment *segment = &elf->segment[i];
        uint64_t first = segment->vaddr & ~(ELF_PAGE - 1);

        if ((segment->flags & ELF_W) && (segment->flags & ELF_X)) {
            return fail_writable_code(elf, segment, error);
        }
        if (first < used_end) {
            return fail(error, table,
                "segment at 0x%" PRIx64 " shares a page with the one below",
                segment->vaddr);
        }
        used_end = (segment->vaddr + segment->mem_size + ELF_PAGE - 1) &
                   ~(ELF_PAGE - 1);
    }

    const struct elf_segment *code = elf_segment_at(elf, elf->entry, 1);
    if (code == NULL || !(code->flags & ELF_X)) {
        return fail(error, EH_ENTRY,
            "entry 0x%" PRIx64 " is not in an executable segment", elf->entry);
    }
    return true;
}

static bool has_name(const struct elf *elf, const struct elf_part *names,
    uint32_t offset, const char *name)
{
    return offset < names->count &&
           strcmp((const char *)elf->data + names->offset + offset, name) == 0;
}

enum elf_found elf_symbol(
    const struct elf *elf, const char *name, struct elf_range *out)
{
    enum elf_found found = ELF_MISSING;

    for (uint64_t i = 0; i < elf->symbol.count; i++) {
        uint64_t at = elf->symbol.offset + i * ST_SIZE;

        if (get16(elf, at + ST_SHNDX) == ELF_SHN_UNDEF ||
            (elf->data[at + ST_INFO] & 0xf) > ELF_STT_FUNCTION ||
            !has_name(elf, &elf->symbol_name, get32(elf, at + ST_NAME), name)) {
            continue;
        }
        if (found == ELF_FOUND) {
            return ELF_AMBIGUOUS;
        }
        found = ELF_FOUND;
        out->vaddr = get64(elf, at + ST_VALUE);
        out->size = get64(elf, at + ST_BYTES);
    }
    return found;
}

enum elf_found elf_section(
    const struct elf *elf, const char *name, struct elf_range *out)
{
    enum elf_found found = ELF_MISSING;

    for (uint64_t i = 0; i < elf->section.count; i++) {
        uint64_t at = elf->section.offset + i * SH_SIZE;

        if (!(get64(elf, at + SH_FLAGS) & ELF_SHF_ALLOC) ||
            !has_name(
                elf, &elf->section_name, get32(elf, at + SH_NAME), name)) {
            continue;
        }
        if (found == ELF_FOUND) {
            return ELF_AMBIGUOUS;
        }
        found = ELF_FOUND;
        out->vaddr = get64(elf, at + SH_ADDR);
        out->size = get64(elf, at + SH_BYTES);
    }
    return found;
}

/* Looks through one section of notes: sizes of name and descriptor, type, then
 * both, each padded to words. */
static bool section_has_note(const struct elf *elf, const struct elf_part *part,
    const char *owner, uint32_t type)
{
    uint64_t size = strlen(owner) + 1;
    uint64_t at = 0;

    while (range_contains(part->count, at, NOTE_HEADER)) {
        uint64_t header = part->offset + at;
        uint64_t name = get32(elf, header);
        uint64_t rest =
            range_round_up(name, 4) + range_round_up(get32(elf, header + 4), 4);

        at += NOTE_HEADER;
        if (!range_contains(part->count, at, rest)) {
            return false;
        }
        if (name == size && get32(elf, header + 8) == type &&
            memcmp(elf->data + header + NOTE_HEADER, owner, size) == 0) {
            return true;
        }
        at += rest;
    }
    return false;
}

bool elf_has_note(const struct elf *elf, const char *owner, uint32_t type)
{
    /* Sections need not lie apart: a small file could have so many large ones
     * that a search takes hours.  We look at no more than the file holds. */
    uint64_t left = elf->size;

    for (uint64_t i = 0; i < elf->section.count; i++) {
        uint64_t header = elf->section.offset + i * SH_SIZE;
        struct elf_part part = {
            .offset = get64(elf, header + SH_OFFSET),
            .count = get64(elf, header + SH_BYTES),
        };

        if (get32(elf, header + SH_TYPE) != ELF_SHT_NOTE ||
            !range_contains(elf->size, part.offset, part.count)) {
            continue;
        }
        if (part.count > left) {
            return false;
        }
        left -= part.count;
        if (section_has_note(elf, &part, owner, type)) {
            return true;
        }
    }
    return false;
}

const struct elf_segment *elf_segment_at(
    const struct elf *elf, uint64_t vaddr, uint64_t size)
{
    for (uint32_t i = 0; i < elf->segment_count; i++) {
        const struct elf_segment *segment = &elf->segment[i];

        if (range_holds(segment->vaddr, segment->mem_size, vaddr, size)) {
            return segment;
        }
    }
    return NULL;
}
