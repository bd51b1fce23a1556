/* SPDX-License-Identifier: BSD-2-Clause */
/* A client by lions/net/client.h: what is wired, who is called, and which
 * configurations end it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <lions/net/client.h>
#include <sddf/network/lib_sddf_lwip.h>
#include <sddf/util/printf.h>

#include "lions/net/client_config.h"
#include "lions/net/glue.h"
#include "lwip/udp.h"
#include "tests/unit/lions/net/lwip_rig.h"

#define OTHER_ID 9u

static net_client_config_t good;
static uint32_t started;
static uint32_t told;
static sddf_channel heard;

static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p,
    const ip_addr_t *addr, u16_t port)
{
    (void)arg;
    (void)udp_sendto(pcb, p, addr, port);
    pbuf_free(p);
}

static void start(void)
{
    struct udp_pcb *pcb = udp_new();

    assert_int_equal(udp_bind(pcb, IP_ANY_TYPE, RIG_PORT), ERR_OK);
    udp_recv(pcb, echo, NULL);
    started++;
}

/* Sends a frame of its own, of 60 bytes. */
static void on_notified(sddf_channel ch)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, 60, PBUF_RAM);

    heard = ch;
    assert_int_equal(sddf_lwip_transmit_pbuf(p), SDDF_LWIP_ERR_OK);
    pbuf_free(p);
}

static void on_address(const char *address)
{
    assert_string_equal(address, "10.0.2.15");
    told++;
}

static struct net_client client = {
    .start = start,
    .on_address = on_address,
    .on_notified = on_notified,
    .address = "10.0.2.15/24,10.0.2.2",
};

static void client_init(void)
{
    net_client_init(&client);
}

/* As the tool fills the sections in. */
static int set_up(void **state)
{
    (void)state;
    good = rig_config();
    net_client_net_config = good;
    memcpy(net_client_timer_config.magic, SDDF_TIMER_MAGIC,
        sizeof(net_client_timer_config.magic));
    net_client_timer_config.driver_id = RIG_TIMER_ID;
    return 0;
}

/* The program ends, and says why. */
static void assert_refused(const char *why)
{
    fake_sddf.console_len = 0;
    memset(fake_sddf.console, 0, sizeof(fake_sddf.console));
    assert_true(fake_sddf_stops(client_init));
    assert_non_null(strstr(fake_sddf.console, why));
    assert_int_equal(started, 0);
    net_client_net_config = good;
}

/* First, because lwIP starts once. */
static void test_bad_config(void **state)
{
    net_client_config_t *config = &net_client_net_config;

    (void)state;
    config->magic[4]++;
    assert_refused("section=net_client_config rule=magic\n");
    config->rx.num_buffers = 100;
    assert_refused("section=net_client_config rule=rx.num_buffers\n");
    config->tx.num_buffers = 100;
    assert_refused("section=net_client_config rule=tx.num_buffers\n");
    config->tx_data.size--;
    assert_refused("section=net_client_config rule=tx_data\n");
    net_client_timer_config.magic[4]++;
    assert_refused("section=timer_client_config rule=magic\n");
    net_client_timer_config.magic[4]--;
}

static void test_start(void **state)
{
    (void)state;
    client_init();
    assert_int_equal(started, 1);
    assert_int_equal(net_client_timer(), RIG_TIMER_ID);
    assert_int_equal(rig.timers_set, 1);
    assert_int_equal(net_queue_length(rig.tx_link.free) +
                         net_queue_length(rig.tx_link.active),
        RIG_BUFFERS);
    rig_drain();
    rig_know_peer();
    assert_int_equal(told, 0); /* it was no news */
    lions_glue.hooks.netif_callback((char[]){ "10.0.2.15" });
    assert_int_equal(told, 1);
}

static void test_dispatch(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len;

    (void)state;
    assert_true(rig_deliver(frame, rig_put_udp(frame, 100, 1)));
    net_client_notified(RIG_TIMER_ID);
    net_client_notified(RIG_TX_ID);
    assert_null(rig_sent(&len, false));
    net_client_notified(RIG_RX_ID);
    assert_non_null(rig_sent(&len, false));
    assert_int_equal(heard, 0);

    net_client_notified(OTHER_ID);
    assert_int_equal(heard, OTHER_ID);
    assert_non_null(rig_sent(&len, false));
    assert_int_equal(len, 60);

    client.on_notified = NULL;
    net_client_notified(OTHER_ID);
    assert_null(rig_sent(&len, false));

    uint32_t before = rig.timers_set;
    rig.now_ns = rig.timer_at;
    net_client_notified(RIG_TIMER_ID);
    assert_int_equal(rig.timers_set, before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_config),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_dispatch),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, set_up, rig_stop);
}
