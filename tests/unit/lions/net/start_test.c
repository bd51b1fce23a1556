/* SPDX-License-Identifier: BSD-2-Clause */
/* A start with an address that is none, and without queues: the error is told,
 * DHCP is asked instead, and what has no queue is not touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <sddf/network/lib_sddf_lwip.h>

#include "lwip/dhcp.h"
#include "lwip/netif.h"
#include "tests/unit/lions/net/lwip_rig.h"

static char said[256];

static int say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vsnprintf(said, sizeof(said), format, args);
    va_end(args);
    return len;
}

static void test_bad_address(void **state)
{
    net_client_config_t config = rig_config();
    timer_client_config_t timer = { .driver_id = RIG_TIMER_ID };
    net_queue_handle_t none = { .capacity = 0 };
    char address[] = "10.0.2.256";

    (void)state;
    sddf_lwip_init(NULL, &config, &timer, none, none, address, say, NULL, NULL,
        NULL, NULL);
    assert_string_equal(said, "LWIP|ERROR: bad address '10.0.2.256'\n");
    assert_non_null(netif_dhcp_data(netif_default));
    assert_true(netif_dhcp_data(netif_default)->request_timeout > 0);
    assert_true(ip4_addr_isany(netif_ip4_addr(netif_default)));
}

static void test_no_queues(void **state)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, 60, PBUF_RAM);

    (void)state;
    assert_non_null(p);
    assert_int_equal(sddf_lwip_transmit_pbuf(p), SDDF_LWIP_ERR_NO_BUF);
    pbuf_free(p);
    rig_run();
    assert_int_equal(fake_sddf.notify[RIG_RX_ID], 0);
    assert_int_equal(fake_sddf.notify[RIG_TX_ID], 0);
    assert_int_equal(sddf_lwip_counters()->tx_retained, 0);
    assert_int_equal(rig.timers_set, 1); /* DHCP's */
    rig_assert_rx_home();
    assert_int_equal(rig_stop(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_address),
        cmocka_unit_test(test_no_queues),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
