/* SPDX-License-Identifier: BSD-2-Clause */
/* lines_test.c - which cache lines count as touched for the first time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plugin/lines.h"

static struct lines lines;

static void a_line_is_new_once_per_interval(void **unused)
{
    (void)unused;
    assert_true(lines_touch(&lines, 0, 1));
    assert_true(lines_touch(&lines, 7, 1));
    assert_false(lines_touch(&lines, 0, 1));
    assert_false(lines_touch(&lines, 7, 1));
    assert_true(lines_touch(&lines, 7, 2));
    assert_false(lines_touch(&lines, 7, 2));
    assert_true(lines_touch(&lines, 0, 2));
    assert_int_equal(lines.used, 2);
}

static void a_full_table_says_so(void **unused)
{
    (void)unused;
    uint32_t fresh = 0;

    /* many collide: a line is found however far from its place it lies */
    for (uint64_t i = 0; i < LINES_SLOTS && !lines.full; i++) {
        fresh += lines_touch(&lines, i << 24, 3) ? 1u : 0u;
    }
    assert_true(lines.full);
    assert_true(fresh > LINES_SLOTS / 2);
    assert_false(lines_touch(&lines, 1, 3));
    assert_false(lines_touch(&lines, UINT64_C(1) << 24, 3));
    assert_true(lines_touch(&lines, UINT64_C(1) << 24, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_new_once_per_interval),
        cmocka_unit_test(a_full_table_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
