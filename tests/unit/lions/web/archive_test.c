/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * archive_test.c - lions/web/archive: every field of a broken archive is
 * found out, and a good one serves its files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "lions/web/archive.h"
#include "tests/unit/lions/web/site.h"

static bool find(
    const struct web_archive *a, const char *path, struct web_file *file)
{
    return web_archive_find(a, path, strlen(path), file);
}

static void finds_every_file(void **state)
{
    (void)state;
    struct web_archive a;
    struct web_file file;
    size_t size;
    uint8_t *bytes = site_archive(&size);

    assert_null(web_archive_open(bytes, size, &a));
    assert_int_equal(a.count, 4);
    assert_true(find(&a, "/big.bin", &file));
    assert_int_equal(file.data_size, SITE_BIG);
    assert_true(find(&a, "/docs/index.html", &file));
    assert_true(find(&a, "/index.html", &file));
    assert_int_equal(file.changed, SITE_CHANGED);
    assert_memory_equal(file.type, "text/html", 9);
    assert_true(find(&a, "/style.css", &file));
    assert_int_equal(file.data_size, 0);
    assert_false(find(&a, "/", &file));
    assert_false(find(&a, "/index.htm", &file));
    assert_false(find(&a, "/index.html2", &file));
    assert_false(find(&a, "/zzz", &file));
    assert_false(find(&a, "", &file));
}

static void empty_archive(void **state)
{
    (void)state;
    struct web_archive a;
    struct web_file file;
    uint8_t bytes[WEB_ARCHIVE_HEADER_SIZE] = WEB_ARCHIVE_MAGIC;

    store_le32(bytes + 8, WEB_ARCHIVE_VERSION);
    store_le32(bytes + 16, sizeof(bytes));
    store_le32(bytes + 20, sizeof(bytes));
    site_archive_seal(bytes, sizeof(bytes));
    assert_null(web_archive_open(bytes, sizeof(bytes), &a));
    assert_false(find(&a, "/index.html", &file));
}

/* One damage: a 32-bit value somewhere, sealed again or not. */
static void assert_refused(
    size_t offset, uint32_t value, bool seal, const char *why)
{
    struct web_archive a;
    struct web_file file;
    size_t size;
    uint8_t *bytes = site_archive(&size);

    store_le32(bytes + offset, value);
    if (seal) {
        site_archive_seal(bytes, size);
    }
    const char *error = web_archive_open(bytes, size, &a);
    assert_non_null(error);
    assert_string_equal(error, why);
    assert_false(find(&a, "/index.html", &file));
}

static void refuses_broken_headers(void **state)
{
    (void)state;
    struct web_archive a;
    size_t size;
    uint8_t *bytes = site_archive(&size);

    assert_string_equal(
        web_archive_open(bytes, 31, &a), "too small for a header");
    assert_string_equal(
        web_archive_open(bytes, size - 1, &a), "larger than its memory");
    assert_refused(0, 0x12345678, true, "not an archive");
    assert_refused(8, 2, true, "another version");
    assert_refused(12, UINT32_MAX, true, "too many entries");
    assert_refused(12, WEB_ARCHIVE_COUNT_MAX, true, "too many entries");
    assert_refused(16, 31, false, "larger than its memory");
    assert_refused(16, UINT32_MAX, true, "larger than its memory");
    assert_refused(20, UINT32_MAX, true, "too many entries");
    assert_refused(24, 1, false, "its content was changed");
    assert_refused(1000, 1, false, "its content was changed");
}

static void refuses_broken_entries(void **state)
{
    (void)state;
    const char *outside = "an entry points outside the archive";
    size_t entry = WEB_ARCHIVE_HEADER_SIZE + 2 * WEB_ARCHIVE_ENTRY_SIZE;

    assert_refused(entry, UINT32_MAX, true, outside);
    assert_refused(entry + 8, UINT32_MAX, true, outside);
    assert_refused(entry + 24, UINT32_MAX, true, outside);
    assert_refused(entry + 28, UINT32_MAX, true, outside);
    assert_refused(entry + 4, 0, true, "a path is not absolute");
    assert_refused(entry, 0, true, "a path is not absolute");
    assert_refused(entry + 8, 32, true, "a content type is not printable");
    assert_refused(
        entry + 20, UINT32_MAX, true, "a time of change is out of range");
}

static void refuses_unsorted_and_double(void **state)
{
    (void)state;
    struct web_archive a;
    size_t size;
    uint8_t *bytes = site_archive(&size);
    uint8_t *first = bytes + WEB_ARCHIVE_HEADER_SIZE;

    memcpy(first, first + WEB_ARCHIVE_ENTRY_SIZE, WEB_ARCHIVE_ENTRY_SIZE);
    site_archive_seal(bytes, size);
    assert_string_equal(
        web_archive_open(bytes, size, &a), "the paths are not sorted");
}

/* Whatever bytes are changed: an error, or every access stays inside. */
static void survives_random_damage(void **state)
{
    (void)state;
    size_t size;

    srand(1);
    for (int round = 0; round < 3000; round++) {
        struct web_archive a;
        struct web_file file;
        uint8_t *bytes = site_archive(&size);
        size_t cut = 1200; /* a copy without slack, so that ASan sees */

        for (int i = 0; i < 3; i++) {
            bytes[rand() % 500] = (uint8_t)rand();
        }
        store_le32(bytes + 16, (uint32_t)cut);
        site_archive_seal(bytes, cut);
        uint8_t *copy = malloc(cut);
        assert_non_null(copy);
        memcpy(copy, bytes, cut);
        if (web_archive_open(copy, cut, &a) == NULL &&
            find(&a, "/index.html", &file)) {
            assert_true(file.data + file.data_size <= copy + cut);
        }
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_file),
        cmocka_unit_test(empty_archive),
        cmocka_unit_test(refuses_broken_headers),
        cmocka_unit_test(refuses_broken_entries),
        cmocka_unit_test(refuses_unsorted_and_double),
        cmocka_unit_test(survives_random_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
