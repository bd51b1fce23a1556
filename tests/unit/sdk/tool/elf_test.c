/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf_test.c - the ELF reader: what it accepts it describes correctly,
 * what is wrong it names, and no value of any field makes it misbehave (the
 * sanitizers watch; the file is a heap block of its exact size).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "sdk/tool/elf.h"

#define MACHINE 183u

/* The sample: headers, 0x100 bytes of code, 0x40 of data, symbols, notes, names. */
enum {
    AT_PH = 64,
    AT_CODE = 0x100,
    AT_DATA = 0x200,
    AT_SYMBOLS = 0x240,
    AT_NOTES = 0x2d0,
    NOTES_SIZE = 40,
    AT_STRINGS = 0x300,
    AT_SH = 0x340,
    SECTIONS = 5,
    FILE_SIZE = AT_SH + SECTIONS * 64,
};

static const char strings[] =
    "\0main\0twice\0value\0.config\0.strings\0.symbols\0gone";
enum {
    NAME_MAIN = 1,
    NAME_TWICE = 6,
    NAME_VALUE = 12,
    NAME_CONFIG = 18,
    NAME_STRINGS = 26,
    NAME_SYMBOLS = 35,
    NAME_GONE = 44,
};

static void put_segment(uint8_t *at, uint32_t flags, uint64_t offset,
    uint64_t vaddr, uint64_t file_size, uint64_t mem_size)
{
    store_le32(at, 1);
    store_le32(at + 4, flags);
    store_le64(at + 8, offset);
    store_le64(at + 16, vaddr);
    store_le64(at + 24, vaddr);
    store_le64(at + 32, file_size);
    store_le64(at + 40, mem_size);
    store_le64(at + 48, 0x1000);
}

static void put_section(uint8_t *file, uint32_t index, uint32_t name,
    uint32_t type, uint64_t offset, uint64_t size)
{
    uint8_t *at = file + AT_SH + (size_t)index * 64;

    store_le32(at, name);
    store_le32(at + 4, type);
    store_le64(at + 24, offset);
    store_le64(at + 32, size);
}

static void put_symbol(uint8_t *file, uint32_t index, uint32_t name,
    uint16_t section, uint64_t value)
{
    uint8_t *at = file + AT_SYMBOLS + (size_t)index * 24;

    store_le32(at, name);
    at[4] = 0x11; /* global object */
    store_le16(at + 6, section);
    store_le64(at + 8, value);
    store_le64(at + 16, 8);
}

/* A note of 20 bytes. */
static void put_note(
    uint8_t *at, const char *owner, uint32_t bytes, uint32_t type)
{
    store_le32(at, (uint32_t)strlen(owner) + 1);
    store_le32(at + 4, bytes);
    store_le32(at + 8, type);
    memcpy(at + 12, owner, strlen(owner) + 1);
}

static uint8_t *sample(void)
{
    uint8_t *file = calloc(1, FILE_SIZE);
    uint8_t *config;

    assert_non_null(file);
    memcpy(file, "\177ELF\2\1\1", 7);
    store_le16(file + 16, 2);
    store_le16(file + 18, MACHINE);
    store_le64(file + 24, 0x200010);
    store_le64(file + 32, AT_PH);
    store_le64(file + 40, AT_SH);
    store_le16(file + 54, 56);
    store_le16(file + 56, 2);
    store_le16(file + 58, 64);
    store_le16(file + 60, SECTIONS);
    store_le16(file + 62, 1);

    put_segment(file + AT_PH, ELF_R | ELF_W, AT_DATA, 0x201000, 0x40, 0x2000);
    put_segment(
        file + AT_PH + 56, ELF_R | ELF_X, AT_CODE, 0x200000, 0x100, 0x100);

    memcpy(file + AT_STRINGS, strings, sizeof(strings));
    put_section(file, 1, NAME_STRINGS, 3, AT_STRINGS, sizeof(strings));
    put_section(file, 2, NAME_SYMBOLS, 2, AT_SYMBOLS, 6 * 24);
    store_le32(file + AT_SH + 2 * 64 + 40, 1);
    store_le64(file + AT_SH + 2 * 64 + 56, 24);
    put_section(file, 3, NAME_CONFIG, 1, AT_DATA, 0x20);
    config = file + AT_SH + 3 * 64;
    store_le64(config + 8, 3);
    store_le64(config + 16, 0x201000);

    put_section(file, 4, 0, 7, AT_NOTES, NOTES_SIZE);
    put_note(file + AT_NOTES, "GNU", 4, 3);
    put_note(file + AT_NOTES + 20, "Pride", 0, 1);

    put_symbol(file, 1, NAME_MAIN, 4, 0x200010);
    put_symbol(file, 2, NAME_TWICE, 3, 0x201008);
    put_symbol(file, 3, NAME_TWICE, 3, 0x201010);
    put_symbol(file, 4, NAME_VALUE, 3, 0x202ff8);
    put_symbol(file, 5, NAME_GONE, 0, 0);
    return file;
}

static bool opens(const uint8_t *file, struct elf *elf, struct elf_error *error)
{
    return elf_open(elf, file, FILE_SIZE, MACHINE, error);
}

static void a_good_file_is_described(void **unused)
{
    (void)unused;
    uint8_t *file = sample();
    struct elf_error error;
    struct elf_range range;
    struct elf elf;

    assert_true(opens(file, &elf, &error));
    assert_true(elf_check_pages(&elf, &error));
    assert_int_equal(elf.entry, 0x200010);
    assert_int_equal(elf.segment_count, 2);
    assert_int_equal(elf.segment[0].vaddr, 0x200000); /* sorted */
    assert_int_equal(elf.segment[1].mem_size, 0x2000);

    assert_int_equal(elf_symbol(&elf, "main", &range), ELF_FOUND);
    assert_int_equal(range.vaddr, 0x200010);
    assert_int_equal(range.size, 8);
    assert_int_equal(elf_symbol(&elf, "twice", &range), ELF_AMBIGUOUS);
    assert_int_equal(elf_symbol(&elf, "gone", &range), ELF_MISSING);
    assert_int_equal(elf_symbol(&elf, "mai", &range), ELF_MISSING);
    assert_int_equal(elf_section(&elf, ".config", &range), ELF_FOUND);
    assert_int_equal(range.vaddr, 0x201000);
    assert_int_equal(range.size, 0x20);
    assert_int_equal(elf_section(&elf, ".strings", &range), ELF_MISSING);

    assert_ptr_equal(elf_segment_at(&elf, 0x202ff8, 8), &elf.segment[1]);
    assert_null(elf_segment_at(&elf, 0x202ff9, 8));
    assert_null(elf_segment_at(&elf, 0x2000ff, 2));
    assert_null(elf_segment_at(&elf, UINT64_MAX, 2));
    free(file);
}

/* One wrong field, and what is said about it. */
struct broken {
    uint64_t offset;
    uint32_t bytes;
    uint64_t value;
    uint64_t reported;
    const char *text;
};

static const struct broken broken[] = {
    { 0, 1, 0, 0, "not an ELF file" },
    { 4, 1, 1, 4, "not a 64-bit ELF file" },
    { 5, 1, 2, 5, "not a little-endian ELF file" },
    { 6, 1, 9, 6, "ELF version 9, 1 is needed" },
    { 16, 2, 3, 16, "ELF type 3, a static executable (2) is needed" },
    { 18, 2, 62, 18, "built for machine 62, not 183" },
    { 32, 8, FILE_SIZE, 32, "program headers lie outside the file" },
    { 32, 8, UINT64_MAX, 32, "program headers lie outside the file" },
    { 54, 2, 57, 54, "program headers of 57 bytes, not 56" },
    { 56, 2, 0, 56, "no program headers" },
    { 56, 2, 0xffff, 32, "program headers lie outside the file" },
    { AT_PH + 8, 8, FILE_SIZE, AT_PH + 8, "segment lies outside the file" },
    { AT_PH + 8, 8, UINT64_MAX, AT_PH + 8, "segment lies outside the file" },
    { AT_PH + 16, 8, UINT64_MAX - 0x1fff, AT_PH + 16,
        "segment wraps around the address space" },
    { AT_PH + 16, 8, 0x1ff000, AT_PH,
        "segments at 0x1ff000 and 0x200000 overlap" },
    { AT_PH + 32, 8, 0x2001, AT_PH + 32,
        "segment has more bytes in the file than in memory" },
    { AT_PH + 40, 8, 0x3f, AT_PH + 32,
        "segment has more bytes in the file than in memory" },
    { AT_PH + 40, 8, UINT64_MAX, AT_PH + 16,
        "segment wraps around the address space" },
    { 40, 8, FILE_SIZE, 40, "section headers lie outside the file" },
    { 58, 2, 63, 58, "section headers of 63 bytes, not 64" },
    { 60, 2, 0xffff, 40, "section headers lie outside the file" },
    { 62, 2, SECTIONS, 62, "no section 5" },
    { 62, 2, 3, AT_SH + 3 * 64 + 4, "not a string table" },
    { AT_SH + 64 + 24, 8, UINT64_MAX, AT_SH + 64 + 24,
        "string table lies outside the file" },
    { AT_SH + 64 + 32, 8, 4, AT_SH + 64 + 32,
        "string table does not end in 0" },
    { AT_SH + 64 + 32, 8, 0, AT_SH + 64 + 32,
        "string table does not end in 0" },
    { AT_SH + 128 + 32, 8, 25, AT_SH + 128 + 56,
        "symbol table of a wrong entry size" },
    { AT_SH + 128 + 24, 8, FILE_SIZE - 24, AT_SH + 128 + 24,
        "symbol table lies outside the file" },
    { AT_SH + 128 + 40, 4, 77, 62, "no section 77" },
    { AT_SH + 192 + 4, 4, 2, AT_SH + 192, "more than one symbol table" },
};

static void put(uint8_t *file, uint64_t offset, uint32_t bytes, uint64_t value)
{
    for (uint32_t i = 0; i < bytes; i++) {
        file[offset + i] = (uint8_t)(value >> (8 * i));
    }
}

static void what_is_wrong_is_named(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        uint8_t *file = sample();
        struct elf_error error = { .offset = 0 };
        struct elf elf;

        put(file, broken[i].offset, broken[i].bytes, broken[i].value);
        assert_false(opens(file, &elf, &error));
        assert_string_equal(error.text, broken[i].text);
        assert_int_equal(error.offset, broken[i].reported);
        free(file);
    }
}

static void pages_have_one_protection(void **unused)
{
    (void)unused;
    static const struct broken pages[] = {
        { AT_PH + 4, 4, 7, 64,
            "segment at 0x201000 is writable and executable: its program "
            "header says so; set FLAGS(5) for code and FLAGS(6) for data in "
            "PHDRS" },
        { AT_PH + 16, 8, 0x200100, 64,
            "segment at 0x200100 shares a page with the one below" },
        { 24, 8, 0x200100, 24,
            "entry 0x200100 is not in an executable segment" },
        { 24, 8, 0x201000, 24,
            "entry 0x201000 is not in an executable segment" },
    };

    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        uint8_t *file = sample();
        struct elf_error error = { .offset = 0 };
        struct elf elf;

        put(file, pages[i].offset, pages[i].bytes, pages[i].value);
        assert_true(opens(file, &elf, &error));
        assert_false(elf_check_pages(&elf, &error));
        assert_string_equal(error.text, pages[i].text);
        assert_int_equal(error.offset, pages[i].reported);
        free(file);
    }
}

static void notes_are_found(void **unused)
{
    (void)unused;
    uint8_t *file = sample();
    uint8_t *size = file + AT_SH + 4 * 64 + 32;
    struct elf_error error;
    struct elf elf;

    assert_true(opens(file, &elf, &error));
    assert_true(elf_has_note(&elf, "Pride", 1));
    assert_true(elf_has_note(&elf, "GNU", 3));
    assert_false(elf_has_note(&elf, "Pride", 3));
    assert_false(elf_has_note(&elf, "Prid", 1));
    assert_false(elf_has_note(&elf, "Pride!", 1));
    store_le64(size, NOTES_SIZE - 1); /* the last one is cut */
    assert_false(elf_has_note(&elf, "Pride", 1));
    store_le64(size, FILE_SIZE); /* beyond the file */
    assert_false(elf_has_note(&elf, "GNU", 3));
    store_le64(size, NOTES_SIZE);
    put_section(file, 3, 0, 7, 0, FILE_SIZE - NOTES_SIZE); /* both fit */
    assert_true(elf_has_note(&elf, "Pride", 1));
    put_section(file, 3, 0, 7, 0, FILE_SIZE); /* more than the file holds */
    assert_false(elf_has_note(&elf, "Pride", 1));
    put_section(file, 3, NAME_CONFIG, 1, AT_DATA, 0x20);
    assert_true(elf_has_note(&elf, "Pride", 1));
    store_le32(file + AT_NOTES, 0xfffffffd); /* a name without end */
    assert_false(elf_has_note(&elf, "Pride", 1));
    free(file);
}

/* Whatever was accepted must be safe to use. */
static void use(const struct elf *elf)
{
    static const char *const names[] = { "main", "twice", "", ".config" };
    struct elf_error error;
    struct elf_range range;
    uint64_t sum = 0;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        (void)elf_symbol(elf, names[i], &range);
        (void)elf_section(elf, names[i], &range);
    }
    (void)elf_has_note(elf, "Pride", 2);
    for (uint32_t i = 0; i < elf->segment_count; i++) {
        const struct elf_segment *segment = &elf->segment[i];

        assert_true(segment->file_size <= segment->mem_size);
        for (uint64_t k = 0; k < segment->file_size; k++) {
            sum += elf->data[segment->offset + k];
        }
    }
    assert_true(sum <= UINT32_MAX);
    if (elf_check_pages(elf, &error)) {
        assert_non_null(elf_segment_at(elf, elf->entry, 1));
    }
}

static void every_field_may_be_anything(void **unused)
{
    (void)unused;
    static const uint64_t values[] = { 0, 1, 2, 3, 7, 0x7f, 0xff, 0x3ff,
        FILE_SIZE - 1, FILE_SIZE, 0xffff, 0x7fffffff, 0xffffffff,
        0x7fffffffffffffff, 0xfffffffffffff000, UINT64_MAX };
    static const uint32_t widths[] = { 1, 2, 4, 8 };
    uint32_t accepted = 0;

    for (uint64_t at = 0; at + 8 <= FILE_SIZE; at++) {
        for (size_t v = 0; v < ARRAY_LEN(values); v++) {
            uint8_t *file = sample();
            struct elf_error error;
            struct elf elf;

            put(file, at, widths[(at + v) % 4], values[v]);
            if (opens(file, &elf, &error)) {
                use(&elf);
                accepted++;
            }
            free(file);
        }
    }
    assert_true(accepted > 0);
}

static void a_file_may_end_anywhere(void **unused)
{
    (void)unused;
    uint8_t *file = sample();

    for (size_t size = 0; size < FILE_SIZE; size++) {
        uint8_t *part = malloc(size == 0 ? 1 : size);
        struct elf_error error;
        struct elf elf;

        assert_non_null(part);
        memcpy(part, file, size);
        assert_false(elf_open(&elf, part, size, MACHINE, &error));
        free(part);
    }
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_described),
        cmocka_unit_test(notes_are_found),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(pages_have_one_protection),
        cmocka_unit_test(every_field_may_be_anything),
        cmocka_unit_test(a_file_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
