/* SPDX-License-Identifier: BSD-2-Clause */
/* base/range.h: edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/range.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_products_that_do_not_fit_are_refused),
        cmocka_unit_test(ranges_do_not_wrap),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
