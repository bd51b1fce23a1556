/* SPDX-License-Identifier: BSD-2-Clause */
/* lwIP's clocks: each thing is done when it is due, and nothing else wakes us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sddf/network/lib_sddf_lwip.h>

#include "base/bytes.h"
#include "lwip/dhcp.h"
#include "lwip/netif.h"
#include "lwip/timeouts.h"
#include "tests/unit/lions/net/lwip_rig.h"

/* The timer is set for the next thing to do, once; when nothing waits, that is
 * the slow clock of DHCP. */
static void test_timer(void **state)
{
    (void)state;
    sddf_lwip_maybe_notify();
    uint32_t before = rig.timers_set;
    for (uint32_t i = 0; i < 100; i++) {
        sddf_lwip_maybe_notify();
    }
    assert_int_equal(rig.timers_set, before);
    (void)rig_pass(60);
    assert_in_range(rig_pass(600), 9, 11);
}

/* An address that was not confirmed for five minutes is asked for again, every
 * second, and the frame that waits for it is sent when the answer is there. */
static void test_arp_ages(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len;

    (void)state;
    rig_know_peer();
    (void)rig_pass(400);
    assert_true(rig_deliver(frame, rig_put_udp(frame, 100, 1)));
    rig_run();
    for (uint32_t i = 0; i < 3; i++) {
        const uint8_t *request = rig_sent(&len, false);

        assert_non_null(request);
        assert_int_equal(load_be16(request + 12), 0x0806);
        assert_int_equal(load_be16(request + 20), 1);
        assert_memory_equal(request + 38, rig_peer_ip, 4);
        assert_null(rig_sent(&len, false));
        assert_true(rig.timer_at <= rig.now_ns + UINT64_C(1000000000));
        (void)rig_pass(1);
    }
    (void)rig_sent(&len, false);
    uint8_t answer[60];
    rig_put_arp(answer, 2);
    assert_true(rig_deliver(answer, sizeof(answer)));
    rig_run();
    const uint8_t *echoed = rig_sent(&len, false);
    assert_non_null(echoed);
    assert_int_equal(len, 142);
    assert_int_equal(load_be16(echoed + 12), ETH_TYPE_IP);
    rig_assert_rx_home();
    (void)rig_pass(60);
    assert_in_range(rig_pass(120), 1, 3);
}

static uint32_t fired;

static void fire(void *arg)
{
    fired += *(uint32_t *)arg;
}

/* Timeouts of the program's own. */
static void test_one_shots(void **state)
{
    uint32_t one = 1;
    uint32_t hundred = 100;

    (void)state;
    sys_timeout(2500, fire, &one);
    sys_timeout(1500, fire, &hundred);
    sys_untimeout(fire, &hundred);
    sddf_lwip_maybe_notify();
    (void)rig_pass(2);
    assert_int_equal(fired, 0);
    (void)rig_pass(1);
    assert_int_equal(fired, 1);
    (void)rig_pass(10);
    assert_int_equal(fired, 1);
}

/* How many frames were sent; all are DHCP's. */
static uint32_t discovers(void)
{
    uint32_t count = 0;
    uint16_t len;

    for (;;) {
        const uint8_t *frame = rig_sent(&len, false);

        if (frame == NULL) {
            return count;
        }
        assert_int_equal(load_be16(frame + 36), 67); /* to the server */
        count++;
    }
}

/* A DHCP request without an answer is repeated after 2, 4, 8, ... seconds
 * (lwIP's choice), and nothing else wakes us; one that takes the place of
 * another waits its own time. */
static void test_dhcp_waits(void **state)
{
    (void)state;
    rig_drain();
    (void)rig_pass(60);
    assert_int_equal(dhcp_start(netif_default), ERR_OK);
    sddf_lwip_maybe_notify();
    assert_int_equal(discovers(), 1);
    (void)rig_pass(1);
    assert_int_equal(discovers(), 0);
    (void)rig_pass(1);
    assert_int_equal(discovers(), 1);
    assert_in_range(
        rig_pass(30), 3, 5); /* at 6, 14 and 30, and the slow clock */
    assert_int_equal(discovers(), 3);

    (void)rig_pass(10);
    dhcp_stop(netif_default);
    assert_int_equal(dhcp_start(netif_default), ERR_OK);
    sddf_lwip_maybe_notify();
    assert_int_equal(discovers(), 1);
    (void)rig_pass(1);
    assert_int_equal(discovers(), 0);
    (void)rig_pass(1);
    assert_int_equal(discovers(), 1);
    dhcp_stop(netif_default);
    sddf_lwip_maybe_notify();
    assert_in_range(rig_pass(600), 9, 11);
    assert_int_equal(discovers(), 0);
}

/* Sends `len` bytes of a frame, and nothing lies behind them. */
static void output(const uint8_t *frame, uint16_t len)
{
    uint8_t *copy = malloc(len);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, len, PBUF_REF);

    memcpy(copy, frame, len);
    p->payload = copy;
    assert_int_equal(netif_default->linkoutput(netif_default, p), ERR_OK);
    pbuf_free(p);
    free(copy);
    sddf_lwip_maybe_notify();
    rig_drain();
}

/* Only a question for a neighbour's address waits for an answer. */
static void test_arp_waits(void **state)
{
    uint8_t frame[60];

    (void)state;
    (void)rig_pass(600);
    rig_put_arp(frame, 1);
    output(frame, 20);
    memcpy(frame + 38, frame + 28, 4); /* an announcement */
    output(frame, 42);
    rig_put_arp(frame, 2);
    output(frame, 42);
    assert_in_range(rig_pass(50), 0, 1);
    rig_put_arp(frame, 1);
    output(frame, 42);
    assert_in_range(rig_pass(50), 5, 8);
}

/* Only a fragment waits for the rest of a datagram. */
static void test_fragment_waits(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len = rig_put_udp(frame, 64, 1);

    (void)state;
    (void)rig_pass(600);
    store_be16(frame + 20, 0x2000);
    rig_checksum(frame + 24, frame + RIG_IP, 20);
    rig_deliver_cut(frame, len, RIG_PAYLOAD - 1);
    assert_in_range(rig_pass(50), 0, 1);
    rig_deliver_cut(frame, len, len);
    assert_in_range(rig_pass(50), 14, 30); /* with ARP for what it sends */
    rig_assert_rx_home();
}

/* A timeout that the driver refuses is asked for again at the next event; one
 * that is due is not asked for in no time; and a notification of the driver's
 * that means something else does not make us ask again. */
static void test_timeout(void **state)
{
    uint32_t none = 0;

    (void)state;
    (void)rig_pass(600);
    rig.timer_full = true;
    uint32_t before = rig.timers_set;
    sys_timeout(0, fire, &none);
    sddf_lwip_maybe_notify();
    rig.timer_full = false;
    assert_int_equal(rig.timers_set, before);
    sys_timeout(1, fire, &none);
    sddf_lwip_maybe_notify();
    assert_int_equal(rig.timers_set, before + 1);
    (void)rig_pass(2);

    before = rig.timers_set;
    sddf_lwip_process_timeout();
    sddf_lwip_maybe_notify();
    assert_int_equal(rig.timers_set, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timer),
        cmocka_unit_test(test_arp_ages),
        cmocka_unit_test(test_one_shots),
        cmocka_unit_test(test_dhcp_waits),
        cmocka_unit_test(test_arp_waits),
        cmocka_unit_test(test_fragment_waits),
        cmocka_unit_test(test_timeout),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
