/* SPDX-License-Identifier: BSD-2-Clause */
/* The Internet checksum: any alignment, length and division, copied or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lions/net/checksum.h"

static void test_checksum(void **state)
{
    uint8_t data[300];

    (void)state;
    for (uint32_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 151 + 255);
    }
    for (uint32_t at = 0; at < 17; at++) {
        for (uint16_t len = 0; len < 270; len++) {
            uint32_t sum = 0;

            for (uint32_t i = 0; i < len; i++) {
                sum += (uint32_t)data[at + i] << (i & 1 ? 8 : 0);
            }
            sum = (sum >> 16) + (sum & 0xffff);
            sum = (sum >> 16) + (sum & 0xffff);
            uint16_t got = checksum(data + at, len);
            /* 0 and 0xffff are the same number in ones' complement */
            assert_int_equal(got % 0xffff, sum % 0xffff);
        }
    }
    memset(data, 0xff, sizeof(data));
    assert_int_equal(checksum(data, sizeof(data)), 0xffff);
    memset(data, 0, sizeof(data));
    assert_int_equal(checksum(data, sizeof(data)), 0);
}

/* Parts of any length add up to the whole, copied or not. */
static void test_checksum_parts(void **state)
{
    uint8_t data[90];
    uint8_t copy[90];

    (void)state;
    for (uint32_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 151 + 255);
    }
    uint16_t whole = checksum(data, sizeof(data));
    for (uint16_t at = 0; at <= sizeof(data); at++) {
        uint16_t left = (uint16_t)(sizeof(data) - at);

        memset(copy, 0, sizeof(copy));
        uint64_t first = checksum_add(UINT64_MAX, data, at); /* -0 */
        uint64_t second =
            checksum_add_copy(UINT64_MAX, copy + at, data + at, left);
        uint64_t sum =
            checksum_plus(first, at % 2 != 0 ? checksum_shift(second) : second);

        assert_int_equal(checksum_fold(sum), whole);
        assert_memory_equal(copy + at, data + at, left);
    }
}

/* The longest that there can be. */
static void test_checksum_long(void **state)
{
    static uint8_t data[UINT16_MAX];
    static uint8_t copy[sizeof(data)];
    uint64_t sum = 0;

    (void)state;
    for (uint32_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 151 + (i >> 12));
        sum += (uint64_t)data[i] << (i & 1 ? 8 : 0);
    }
    assert_int_equal(checksum(data, sizeof(data)) % 0xffff, sum % 0xffff);
    assert_int_equal(
        checksum_fold(checksum_add_copy(0, copy, data, sizeof(data))) % 0xffff,
        sum % 0xffff);
    assert_memory_equal(copy, data, sizeof(data));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checksum),
        cmocka_unit_test(test_checksum_parts),
        cmocka_unit_test(test_checksum_long),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
