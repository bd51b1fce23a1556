/* SPDX-License-Identifier: BSD-2-Clause */
/* number_test.c - numbers as a description writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "sdk/tool/number.h"

#define UNTOUCHED UINT64_C(0x1234)

static void numbers_are_read(void **unused)
{
    (void)unused;
    static const struct {
        const char *text;
        uint64_t value;
    } cases[] = {
        { "0", 0 },
        { "007", 7 },
        { "1_000", 1000 },
        { "_1_", 1 },
        { "0x0", 0 },
        { "0xfF", 255 },
        { "0x_10_000", 0x10000 },
        { "18446744073709551615", UINT64_MAX },
        { "0xffff_ffff_ffff_ffff", UINT64_MAX },
        { "0x00000000000000000000000001", 1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint64_t value = UNTOUCHED;

        assert_null(number_parse(cases[i].text, &value));
        assert_true(value == cases[i].value);
    }
}

static void everything_else_is_refused(void **unused)
{
    (void)unused;
    static const char *const cases[] = { "", "_", "0x", "0x_", "-1", "+1", " 1",
        "1 ", "0X10", "0xg", "1a", "0b1", "1.0", "1e3", "\xff",
        "18446744073709551616", "99999999999999999999", "0x10000000000000000" };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint64_t value = UNTOUCHED;

        assert_non_null(number_parse(cases[i], &value));
        assert_true(value == UNTOUCHED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(everything_else_is_refused),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
