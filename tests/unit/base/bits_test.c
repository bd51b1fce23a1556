/* SPDX-License-Identifier: BSD-2-Clause */
/* base/bits.h: edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bits.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_are_as_in_manuals),
        cmocka_unit_test(fields_are_read_and_written),
        cmocka_unit_test(powers_of_two_are_known),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
