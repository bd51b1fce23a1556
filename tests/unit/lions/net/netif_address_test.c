/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of an interface, as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "lions/net/netif_address.h"

static void test_address(void **state)
{
    static const char *const bad[] = { "", "1.2.3", "1.2.3.4.5", "256.1.1.1",
        "1.2.3.4/33", "1.2.3.4/", "1.2.3.4,", "1.2.3.4,5", "a.b.c.d",
        "1.2.3.4 ", "1..2.3", "00001.2.3.4", "1.2.3.4/24,1.1.1.1x" };
    struct netif_address got;

    (void)state;
    assert_true(netif_address_parse("10.0.2.15", &got));
    assert_int_equal(got.ip, 0x0a00020f);
    assert_int_equal(got.netmask, 0xffffff00);
    assert_int_equal(got.gateway, 0);
    assert_true(netif_address_parse("255.255.255.255/0,1.2.3.4", &got));
    assert_int_equal(got.ip, 0xffffffff);
    assert_int_equal(got.netmask, 0);
    assert_int_equal(got.gateway, 0x01020304);
    assert_true(netif_address_parse("1.1.1.1/32", &got));
    assert_int_equal(got.netmask, 0xffffffff);
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct netif_address untouched = got;

        assert_false(netif_address_parse(bad[i], &got));
        assert_memory_equal(&untouched, &got, sizeof(got));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
