/* SPDX-License-Identifier: BSD-2-Clause */
/* base/bytes.h: byte order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_have_an_order),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
