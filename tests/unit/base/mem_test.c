/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base/mem.h and base/str.h against byte-by-byte references, at every
 * alignment and every length around the word and block sizes.  The functions
 * are compiled under other names, so that the sanitizers keep their own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/unit/base/mem_names.h"

#define SIZE  320u
#define GUARD 0xa5

static uint8_t source[SIZE];
static uint8_t target[SIZE];
static uint8_t wanted[SIZE];

static void fill(void)
{
    for (uint32_t i = 0; i < SIZE; i++) {
        source[i] = (uint8_t)(i * 7 + 3);
    }
    memset(target, GUARD, SIZE);
    memset(wanted, GUARD, SIZE);
}

static void memcpy_copies_exactly(void **unused)
{
    (void)unused;
    for (uint32_t to = 0; to < 9; to++) {
        for (uint32_t from = 0; from < 9; from++) {
            for (uint32_t len = 0; len < 150; len++) {
                fill();
                for (uint32_t i = 0; i < len; i++) {
                    wanted[to + i] = source[from + i];
                }
                assert_ptr_equal(
                    base_memcpy(target + to, source + from, len), target + to);
                assert_memory_equal(target, wanted, SIZE);
            }
        }
    }
}

static void memmove_handles_overlap(void **unused)
{
    (void)unused;
    for (uint32_t to = 0; to < 80; to += 3) {
        for (uint32_t from = 0; from < 80; from++) {
            for (uint32_t len = 0; len < 140; len += 7) {
                fill();
                memcpy(target, source, SIZE);
                memcpy(wanted, source, SIZE);
                for (uint32_t i = 0; i < len; i++) {
                    wanted[to + i] = source[from + i];
                }
                base_memmove(target + to, target + from, len);
                assert_memory_equal(target, wanted, SIZE);
            }
        }
    }
}

static void memset_sets_exactly(void **unused)
{
    (void)unused;
    for (uint32_t to = 0; to < 9; to++) {
        for (uint32_t len = 0; len < 150; len++) {
            fill();
            for (uint32_t i = 0; i < len; i++) {
                wanted[to + i] = 0xee;
            }
            base_memset(target + to, 0x1ee, len);
            assert_memory_equal(target, wanted, SIZE);
        }
    }
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void memcmp_finds_the_first_difference(void **unused)
{
    (void)unused;
    for (uint32_t len = 0; len < 40; len++) {
        fill();
        memcpy(target, source, SIZE);
        assert_int_equal(base_memcmp(target + 1, source + 1, len), 0);
        for (uint32_t at = 0; at < len; at++) {
            target[1 + at] = (uint8_t)(source[1 + at] + 128);
            target[SIZE - 1] = 0;
            assert_int_equal(sign(base_memcmp(target + 1, source + 1, len)),
                sign(memcmp(target + 1, source + 1, len)));
            assert_int_not_equal(base_memcmp(target + 1, source + 1, len), 0);
            target[1 + at] = source[1 + at];
        }
    }
}

static void strings_match_the_c_library(void **unused)
{
    static const char *const texts[] = { "", "a", "ab", "abc", "abd", "b",
        "\xff", "abcdefghijklmnop" };

    (void)unused;
    for (uint32_t i = 0; i < ARRAY_LEN(texts); i++) {
        const char *a = texts[i];

        assert_int_equal(base_strlen(a), strlen(a));
        for (uint32_t j = 0; j < ARRAY_LEN(texts); j++) {
            const char *b = texts[j];

            assert_int_equal(sign(base_strcmp(a, b)), sign(strcmp(a, b)));
            for (size_t max = 0; max < 6; max++) {
                assert_int_equal(
                    sign(base_strncmp(a, b, max)), sign(strncmp(a, b, max)));
                assert_int_equal(base_strnlen(a, max), strnlen(a, max));
            }
        }
        assert_ptr_equal(base_strchr(a, 'c'), strchr(a, 'c'));
        assert_ptr_equal(base_strchr(a, 0), strchr(a, 0));
    }
}

static void str_copy_always_terminates(void **unused)
{
    char out[4] = "xyz";

    (void)unused;
    assert_true(str_copy(out, sizeof(out), "abc"));
    assert_string_equal(out, "abc");
    assert_false(str_copy(out, sizeof(out), "abcd"));
    assert_string_equal(out, "abc");
    assert_false(str_copy(out, 1, "a"));
    assert_string_equal(out, "");
    base_strncpy(out, "a", 4);
    assert_memory_equal(out, "a\0\0\0", 4);
    base_strcpy(out, "a");
    base_strcat(out, "bc");
    assert_string_equal(out, "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memcpy_copies_exactly),
        cmocka_unit_test(memmove_handles_overlap),
        cmocka_unit_test(memset_sets_exactly),
        cmocka_unit_test(memcmp_finds_the_first_difference),
        cmocka_unit_test(strings_match_the_c_library),
        cmocka_unit_test(str_copy_always_terminates),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
