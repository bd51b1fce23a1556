/* SPDX-License-Identifier: BSD-2-Clause */
/* base/{bits,range,bytes,fmt}.h: edges, and agreement with the C library. */
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/bytes.h"
#include "base/fmt.h"
#include "base/range.h"

static void masks_are_as_in_manuals(void **unused)
{
    (void)unused;
    assert_int_equal(BITS32(0, 0), 1);
    assert_int_equal(BITS32(5, 5), 0x20);
    assert_int_equal(BITS32(31, 0), 0xffffffff);
    assert_int_equal(BITS32(31, 28), 0xf0000000);
    assert_int_equal(BITS64(63, 60), 0xf000000000000000);
    assert_int_equal(BITS64(63, 0), UINT64_MAX);
}

static void fields_are_read_and_written(void **unused)
{
    (void)unused;
    assert_int_equal(field_get32(0x12345678, BITS32(15, 8)), 0x56);
    assert_int_equal(field_set32(0x12345678, BITS32(15, 8), 0xab), 0x1234ab78);
    assert_int_equal(field_set32(0, BITS32(6, 5), 0xff), 0x60);
    assert_int_equal(field_set32(0xffffffff, BITS32(31, 31), 0), 0x7fffffff);
    assert_int_equal(field_get32(0x80000000, BITS32(31, 31)), 1);
    assert_int_equal(
        field_get64(0x123456789abcdef0, BITS64(63, 32)), 0x12345678);
    assert_int_equal(field_set64(0, BITS64(63, 60), 5), 0x5000000000000000);
    for (uint32_t low = 0; low < 32; low++) {
        for (uint32_t high = low; high < 32; high++) {
            uint32_t mask = BITS32(high, low);
            uint32_t word = field_set32(~mask, mask, 1);

            assert_int_equal(word, ~mask | UINT32_C(1) << low);
            assert_int_equal(field_get32(word, mask), 1);
        }
    }
}

static void powers_of_two_are_known(void **unused)
{
    (void)unused;
    assert_false(bits_is_power_of_two(0));
    assert_true(bits_is_power_of_two(1));
    assert_false(bits_is_power_of_two(3));
    assert_true(bits_is_power_of_two(UINT64_C(1) << 63));
    assert_false(bits_is_power_of_two(UINT64_MAX));
    assert_int_equal(bits_lowest(0x50), 4);
}

static void sums_and_products_that_do_not_fit_are_refused(void **unused)
{
    uint64_t out = 7;

    (void)unused;
    assert_false(add_ok(UINT64_MAX, 1, &out));
    assert_false(mul_ok(UINT64_C(1) << 32, UINT64_C(1) << 32, &out));
    assert_int_equal(out, 7);
    assert_true(add_ok(UINT64_MAX, 0, &out));
    assert_int_equal(out, UINT64_MAX);
    assert_true(mul_ok(UINT32_MAX, UINT32_MAX, &out));
    assert_int_equal(out, UINT64_C(0xfffffffe00000001));
}

static void ranges_do_not_wrap(void **unused)
{
    (void)unused;
    assert_true(range_contains(10, 0, 10));
    assert_true(range_contains(10, 10, 0));
    assert_false(range_contains(10, 1, 10));
    assert_false(range_contains(10, 11, 0));
    assert_false(range_contains(10, UINT64_MAX, 1));
    assert_false(range_contains(10, 1, UINT64_MAX));
    assert_true(range_holds(0x1000, 0x1000, 0x1fff, 1));
    assert_false(range_holds(0x1000, 0x1000, 0xfff, 1));
    assert_false(range_holds(0x1000, 0x1000, 0x2000, 1));
    assert_false(range_holds(UINT64_MAX, 2, 0, 1));
    assert_true(range_overlaps(0, 10, 9, 1));
    assert_false(range_overlaps(0, 10, 10, 1));
    assert_false(range_overlaps(5, 0, 0, 10));
    assert_true(range_overlaps(UINT64_MAX - 1, 1, 0, UINT64_MAX));
    assert_int_equal(range_round_up(1, 0x1000), 0x1000);
    assert_int_equal(range_round_up(0x1000, 0x1000), 0x1000);
}

static void bytes_have_an_order(void **unused)
{
    uint8_t b[9];

    (void)unused;
    store_be64(b + 1, UINT64_C(0x0123456789abcdef));
    assert_int_equal(b[1], 0x01);
    assert_int_equal(b[8], 0xef);
    assert_int_equal(load_be64(b + 1), UINT64_C(0x0123456789abcdef));
    assert_int_equal(load_be32(b + 1), 0x01234567);
    assert_int_equal(load_be16(b + 7), 0xcdef);
    assert_int_equal(load_le64(b + 1), UINT64_C(0xefcdab8967452301));
    store_le64(b + 1, UINT64_C(0x0123456789abcdef));
    assert_int_equal(load_le64(b + 1), UINT64_C(0x0123456789abcdef));
    assert_int_equal(load_le32(b + 1), 0x89abcdef);
    assert_int_equal(load_le16(b + 1), 0xcdef);
    assert_int_equal(load_be16(b + 1), 0xefcd);
}

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
        cmocka_unit_test(masks_are_as_in_manuals),
        cmocka_unit_test(fields_are_read_and_written),
        cmocka_unit_test(powers_of_two_are_known),
        cmocka_unit_test(sums_and_products_that_do_not_fit_are_refused),
        cmocka_unit_test(ranges_do_not_wrap),
        cmocka_unit_test(bytes_have_an_order),
        cmocka_unit_test(integers_print_as_in_the_c_library),
        cmocka_unit_test(text_prints_as_in_the_c_library),
        cmocka_unit_test(long_text_is_cut_and_measured),
        cmocka_unit_test(formats_that_are_wrong_do_no_harm),
        cmocka_unit_test(numbers_print_in_any_base),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
