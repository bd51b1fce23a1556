/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * date_test.c - lions/web/date: dates are written and read as HTTP wants it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/attr.h"
#include "lions/web/date.h"

/* The C library of the build machine is the judge. */
static void date_matches_gmtime(void **state)
{
    (void)state;
    char ours[WEB_DATE_LEN + 1] = "";
    char theirs[64];
    uint64_t step = UINT64_C(86400) * 13 + 3607;

    for (uint64_t s = 0; s <= WEB_DATE_MAX; s += step) {
        time_t when = (time_t)s;
        struct tm tm;
        uint64_t back = 1;

        assert_non_null(gmtime_r(&when, &tm));
        strftime(theirs, sizeof(theirs), "%a, %d %b %Y %H:%M:%S GMT", &tm);
        web_date_write(s, ours);
        assert_string_equal(ours, theirs);
        assert_true(web_date_read(ours, WEB_DATE_LEN, &back));
        assert_int_equal(back, s);
        if (s > UINT64_C(9000000000)) {
            step = UINT64_C(86400) * 4001 + 3607;
        }
    }
}

static void date_reads_all_formats(void **state)
{
    (void)state;
    static const char *const same[] = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    };
    uint64_t s = 0;

    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        assert_true(web_date_read(same[i], strlen(same[i]), &s));
        assert_int_equal(s, 784111777);
    }
    assert_true(web_date_read("Thu, 29 Feb 2024 23:59:60 GMT", 29, &s));
    assert_int_equal(s, 1709251199);
}

static void date_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "x",
        "Sun, 06 Nov 1994 08:49:37 GM",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 29 Feb 1900 08:49:37 GMT",
        "Sun, 29 Feb 2023 08:49:37 GMT",
        "Sun, 06 Nom 1994 08:49:37 GMT",
        "Sun, 06 Nov 1969 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov  x 08:49:37 1994",
        "Sun Nov  6 08:49:37 199",
        ",,,,,,,,,,,,,,,,,,,,,,,,",
    };
    uint64_t s = 42;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_false(web_date_read(bad[i], strlen(bad[i]), &s));
    }
    assert_int_equal(s, 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_matches_gmtime),
        cmocka_unit_test(date_reads_all_formats),
        cmocka_unit_test(date_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
