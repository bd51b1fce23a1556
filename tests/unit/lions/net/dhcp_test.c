/* SPDX-License-Identifier: BSD-2-Clause */
/* An address from a DHCP server: the program is told, or it is printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sddf/network/lib_sddf_lwip.h>

#include "base/bytes.h"
#include "lions/net/glue.h"
#include "tests/unit/lions/net/lwip_rig.h"

/* RFC 2131, 2; RFC 2132 */
#define OPTIONS  (RIG_DATA + 240u)
#define OFFER    2u
#define ACK      5u
#define XID      (RIG_DATA + 4u)
#define YIADDR   (RIG_DATA + 16u)
#define CHADDR   (RIG_DATA + 28u)
#define COOKIE   (RIG_DATA + 236u)
#define MESSAGES 300u

static char told[32];

static void on_address(char *address)
{
    strncpy(told, address, sizeof(told) - 1);
}

/* Answers a request in the name of the peer. */
static void answer(const uint8_t *request, uint8_t kind)
{
    static const uint8_t options[] = { 53, 1, 0, 54, 4, 10, 0, 2, 2, 51, 4, 0,
        1, 0, 0, 1, 4, 255, 255, 255, 0, 255 };
    uint8_t frame[RIG_FRAME];
    mac_addr_t mac = rig_mac(1);
    uint8_t *udp = rig_put_ip(frame, 17, 8 + MESSAGES);

    memset(udp, 0, 8 + MESSAGES);
    store_be16(udp, 67);
    store_be16(udp + 2, 68);
    store_be16(udp + 4, 8 + MESSAGES);
    memcpy(frame + RIG_DATA, "\x02\x01\x06", 3);
    memcpy(frame + XID, request + XID, 4);
    memcpy(frame + YIADDR, rig_ip, 4);
    memcpy(frame + CHADDR, mac.addr, 6);
    store_be32(frame + COOKIE, 0x63825363);
    memcpy(frame + OPTIONS, options, sizeof(options));
    frame[OPTIONS + 2] = kind;
    rig_put_sum(frame, 17, 8 + MESSAGES, 6);
    assert_true(rig_deliver(frame, RIG_DATA + MESSAGES));
    rig_run();
}

static void expect_and_answer(uint8_t kind)
{
    uint16_t len;
    const uint8_t *request = rig_sent(&len, false);

    assert_non_null(request);
    assert_int_equal(load_be16(request + RIG_PAYLOAD + 2), 67);
    answer(request, kind);
}

static void test_lease(void **state)
{
    net_client_config_t config = rig_config();
    timer_client_config_t timer = { .driver_id = RIG_TIMER_ID };
    net_queue_handle_t tx = rig_handle(&rig.tx_link);

    (void)state;
    net_buffers_init(&tx, 0);
    sddf_lwip_init(NULL, &config, &timer, rig_handle(&rig.rx_link), tx, NULL,
        NULL, NULL, NULL, NULL, NULL);
    sddf_lwip_maybe_notify();
    expect_and_answer(OFFER);
    assert_int_equal(fake_sddf.console_len, 0);
    expect_and_answer(ACK);
    assert_non_null(strstr(fake_sddf.console,
        "mac 52:54:01:00:00:01 returned ip address: 10.0.2.15\n"));
}

static void test_told(void **state)
{
    (void)state;
    fake_sddf.console_len = 0;
    lions_glue.hooks.netif_callback = on_address;
    netif_set_down(&lions_glue.netif);
    netif_set_up(&lions_glue.netif);
    assert_string_equal(told, "10.0.2.15");
    assert_int_equal(fake_sddf.console_len, 0);
    assert_int_equal(rig_stop(state), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lease),
        cmocka_unit_test(test_told),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
