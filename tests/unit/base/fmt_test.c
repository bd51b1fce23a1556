/* SPDX-License-Identifier: BSD-2-Clause */
/* base/fmt.h: agreement with the C library. */
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fmt.h"

/* Formats twice and compares text, length and termination. */
static void same(const char *format, ...) PRINTF_LIKE(1, 2);
static void same(const char *format, ...)
{
    char ours[256];
    char theirs[256];
    va_list args;

    va_start(args, format);
    size_t our_len = fmt_vprint(ours, sizeof(ours), format, args);
    va_end(args);
    va_start(args, format);
    int their_len = vsnprintf(theirs, sizeof(theirs), format, args);
    va_end(args);
    assert_string_equal(ours, theirs);
    assert_int_equal(our_len, their_len);
}

static void integers_print_as_in_the_c_library(void **unused)
{
    (void)unused;
    same("%d %i %d %d", 0, -1, INT_MAX, INT_MIN);
    same("%u %x %X %o", UINT_MAX, 0xabcdefu, 0xabcdefu, 0777u);
    same("%ld %lld %lu %zu", LONG_MIN, LLONG_MAX, ULONG_MAX, SIZE_MAX);
    same("%hhd %hhu %hd %hu", -1, 255, -32768, 65535);
    same("%" PRId64 " %" PRIx64 " %jd %td", INT64_MIN, UINT64_MAX, (intmax_t)-5,
        (ptrdiff_t)-6);
    same("[%5d] [%-5d] [%05d] [%+d] [% d]", 42, 42, -42, 42, 42);
    same("[%8.3d] [%-8.3x] [%#x] [%#06x]", 7, 0xfu, 0x1fu, 0x1fu);
    same("[%.0d] [%.0d] [%5.0d]", 0, 1, 0);
    same("[%*d] [%*d] [%.*d]", 6, 1, -6, 2, 4, 3);
    same("[%#x] [%#X]", 0u, 255u);
}

static void text_prints_as_in_the_c_library(void **unused)
{
    char unterminated[3] = { 'a', 'b', 'c' };

    (void)unused;
    same("%s|%8s|%-8s|%.2s|%8.1s", "abc", "abc", "abc", "abc", "abc");
    same("%.*s", 3, unterminated);
    same("%c%c|%3c|%-3c|", 'a', '%', 'x', 'y');
    same("100%% of %s", "it");
    same("%p", (void *)0x1234);
}

static void long_text_is_cut_and_measured(void **unused)
{
    char out[5] = "....";

    (void)unused;
    assert_int_equal(fmt_print(out, sizeof(out), "%s", "abcdefgh"), 8);
    assert_string_equal(out, "abcd");
    assert_int_equal(fmt_print(out, 1, "xyz"), 3);
    assert_string_equal(out, "");
    assert_int_equal(fmt_print(NULL, 0, "xyz"), 3);
}

static void formats_that_are_wrong_do_no_harm(void **unused)
{
    /* not literals: the compiler would object */
    static const char *const formats[] = { "%", "%5", "%-", "%l", "%y", "%5.3y",
        "%%%", "%.", "%hhy" };
    char out[64];

    (void)unused;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const char *volatile format = formats[i];
        size_t (*print)(char *, size_t, const char *, ...) = fmt_print;
        size_t len = print(out, sizeof(out), format, 1, 2, 3);

        assert_int_equal(len, strlen(out));
        assert_true(len <= strlen(format));
    }

    volatile int width = INT_MIN;

    assert_int_equal(fmt_print(out, sizeof(out), "%*d", width, 1), 4096);
}

static void numbers_print_in_any_base(void **unused)
{
    char out[FMT_NUMBER_MAX];

    (void)unused;
    assert_int_equal(fmt_number(out, UINT64_MAX, 2), 64);
    assert_int_equal(strspn(out, "1"), 64);
    assert_int_equal(fmt_number(out, 0, 10), 1);
    assert_string_equal(out, "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_print_as_in_the_c_library),
        cmocka_unit_test(text_prints_as_in_the_c_library),
        cmocka_unit_test(long_text_is_cut_and_measured),
        cmocka_unit_test(formats_that_are_wrong_do_no_harm),
        cmocka_unit_test(numbers_print_in_any_base),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
