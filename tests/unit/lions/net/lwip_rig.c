/* SPDX-License-Identifier: BSD-2-Clause */
/* See lwip_rig.h. */
#include "tests/unit/lions/net/lwip_rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <sddf/network/lib_sddf_lwip.h>
#include <sddf/timer/client.h>

#include "base/bytes.h"
#include "lions/net/checksum.h"
#include "lwip/udp.h"

struct rig rig;

const uint8_t rig_ip[4] = { 10, 0, 2, 15 };
const uint8_t rig_peer_ip[4] = { 10, 0, 2, 2 };
const uint8_t rig_peer_mac[6] = { 0x52, 0x55, 10, 0, 2, 2 };

uint64_t sddf_read_counter(void);
uint64_t sddf_read_freq(void);

uint64_t sddf_read_counter(void)
{
    return rig.now_ns;
}

uint64_t sddf_read_freq(void)
{
    return 1000000000;
}

/* The timer driver. */
static seL4_MessageInfo_t timer_call(sddf_channel ch, seL4_MessageInfo_t info)
{
    assert_int_equal(ch, RIG_TIMER_ID);
    assert_int_equal(seL4_MessageInfo_get_label(info), SDDF_TIMER_SET_TIMEOUT);
    assert_true(sddf_get_mr(0) > 0);
    if (rig.timer_full) {
        return seL4_MessageInfo_new(SDDF_TIMER_ERR_FULL, 0, 0, 0);
    }
    rig.timers_set++;
    if (rig.now_ns + sddf_get_mr(0) < rig.timer_at) {
        rig.timer_at = rig.now_ns + sddf_get_mr(0);
    }
    return seL4_MessageInfo_new(SDDF_TIMER_OK, 0, 0, 0);
}

net_client_config_t rig_config(void)
{
    net_client_config_t config = { .magic = { 's', 'D', 'D', 'F', 5 } };

    fake_sddf_reset();
    fake_sddf.ppcall = timer_call;
    rig.now_ns = UINT64_C(5000000000);
    rig.timer_at = UINT64_MAX;
    rig.rx_link = rig_link(RIG_BUFFERS);
    rig.tx_link = rig_link(RIG_BUFFERS);
    rig.copier = rig_handle(&rig.rx_link);
    rig.virt = rig_handle(&rig.tx_link);
    config.rx = rig_conn(&rig.rx_link, RIG_RX_ID);
    config.tx = rig_conn(&rig.tx_link, RIG_TX_ID);
    config.rx_data = (region_resource_t){ rig.rx_data, sizeof(rig.rx_data) };
    config.tx_data = (region_resource_t){ rig.tx_data, sizeof(rig.tx_data) };
    config.mac_addr = rig_mac(1);
    net_buffers_init(&rig.copier, 0);
    return config;
}

/* Sends datagrams back. */
static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p,
    const ip_addr_t *addr, u16_t port)
{
    (void)arg;
    (void)udp_sendto(pcb, p, addr, port);
    pbuf_free(p);
}

int rig_start(void **state)
{
    net_client_config_t config = rig_config();
    timer_client_config_t timer = { .driver_id = RIG_TIMER_ID };
    net_queue_handle_t rx = rig_handle(&rig.rx_link);
    net_queue_handle_t tx = rig_handle(&rig.tx_link);
    char address[] = "10.0.2.15/24,10.0.2.2";

    (void)state;
    net_buffers_init(&tx, 0);
    sddf_lwip_init(
        NULL, &config, &timer, rx, tx, address, NULL, NULL, NULL, NULL, NULL);
    /* the virtualiser is told that receiving begins, and asked for nothing */
    assert_int_equal(fake_sddf.notify[RIG_RX_ID], 1);
    assert_false(net_require_signal_free(&rig.virt));
    struct udp_pcb *pcb = udp_new();
    assert_non_null(pcb);
    assert_int_equal(udp_bind(pcb, IP_ANY_TYPE, RIG_PORT), ERR_OK);
    udp_recv(pcb, echo, NULL);
    sddf_lwip_maybe_notify();
    rig_drain(); /* the announcement of the address */
    rig_know_peer();
    rig_assert_rx_home();
    return 0;
}

int rig_stop(void **state)
{
    (void)state;
    rig_unlink(&rig.rx_link);
    rig_unlink(&rig.tx_link);
    return 0;
}

/* --- Frames ----------------------------------------------------------------- */

void rig_checksum(uint8_t *at, const uint8_t *data, size_t len)
{
    memset(at, 0, 2);
    uint16_t sum = (uint16_t)~checksum(data, (uint16_t)len);
    memcpy(at, &sum, 2);
}

uint8_t *rig_put_ip(uint8_t *frame, uint8_t proto, uint16_t payload)
{
    mac_addr_t mac = rig_mac(1);
    uint8_t *ip = frame + RIG_IP;

    memset(frame, 0, RIG_PAYLOAD);
    memcpy(frame, mac.addr, 6);
    memcpy(frame + 6, rig_peer_mac, 6);
    store_be16(frame + 12, ETH_TYPE_IP);
    ip[0] = 0x45;
    store_be16(ip + 2, (uint16_t)(20 + payload));
    ip[8] = 64;
    ip[9] = proto;
    memcpy(ip + 12, rig_peer_ip, 4);
    memcpy(ip + 16, rig_ip, 4);
    rig_checksum(ip + 10, ip, 20);
    return ip + 20;
}

void rig_put_sum(uint8_t *frame, uint8_t proto, uint16_t len, uint32_t field)
{
    uint8_t sum[12 + RIG_FRAME];
    uint8_t *segment = frame + RIG_PAYLOAD;

    store_be16(segment + field, 0);
    memcpy(sum, rig_peer_ip, 4);
    memcpy(sum + 4, rig_ip, 4);
    store_be16(sum + 8, proto);
    store_be16(sum + 10, len);
    memcpy(sum + 12, segment, len);
    rig_checksum(segment + field, sum, 12u + len);
}

uint16_t rig_put_udp(uint8_t *frame, uint16_t len, uint8_t first)
{
    uint8_t *udp = rig_put_ip(frame, 17, (uint16_t)(8 + len));

    store_be16(udp, 4000);
    store_be16(udp + 2, RIG_PORT);
    store_be16(udp + 4, (uint16_t)(8 + len));
    for (uint32_t i = 0; i < len; i++) {
        udp[8 + i] = (uint8_t)(first + i);
    }
    rig_put_sum(frame, 17, (uint16_t)(8 + len), 6);
    return (uint16_t)(RIG_DATA + len);
}

uint16_t rig_put_tcp(uint8_t *frame, const struct rig_segment *segment)
{
    uint16_t size = (uint16_t)(20 + segment->len);
    uint8_t *tcp = rig_put_ip(frame, 6, size);

    memset(tcp, 0x33, size);
    store_be16(tcp, segment->port);
    store_be16(tcp + 2, RIG_PORT);
    store_be32(tcp + 4, segment->seq);
    store_be32(tcp + 8, segment->ack);
    tcp[12] = 5 << 4;
    tcp[13] = segment->flags;
    store_be16(tcp + 14, 8192); /* window */
    store_be16(tcp + 18, 0);
    rig_put_sum(frame, 6, size, 16);
    return (uint16_t)(RIG_PAYLOAD + size);
}

void rig_put_arp(uint8_t frame[60], uint8_t operation)
{
    mac_addr_t mac = rig_mac(1);

    memset(frame, 0, 60);
    memset(frame, 0xff, 6);
    memcpy(frame + 6, rig_peer_mac, 6);
    memcpy(frame + 12, "\x08\x06\x00\x01\x08\x00\x06\x04\x00", 9);
    frame[21] = operation;
    memcpy(frame + 22, rig_peer_mac, 6);
    memcpy(frame + 28, rig_peer_ip, 4);
    memcpy(frame + 38, rig_ip, 4);
    if (operation == 2) {
        memcpy(frame, mac.addr, 6);
        memcpy(frame + 32, mac.addr, 6);
    }
}

/* --- The neighbours' side ----------------------------------------------------- */

bool rig_deliver(const uint8_t *frame, uint16_t len)
{
    net_buff_desc_t buffer;

    if (net_dequeue_free(&rig.copier, &buffer) != 0) {
        return false;
    }
    memcpy(rig.rx_data + buffer.io_or_offset, frame, len);
    buffer.len = len;
    assert_int_equal(net_enqueue_active(&rig.copier, buffer), 0);
    return true;
}

void rig_deliver_cut(const uint8_t *frame, uint16_t size, uint16_t len)
{
    net_buff_desc_t buffer;

    assert_int_equal(net_dequeue_free(&rig.copier, &buffer), 0);
    memcpy(rig.rx_data + buffer.io_or_offset, frame, size);
    buffer.len = len;
    assert_int_equal(net_enqueue_active(&rig.copier, buffer), 0);
    rig_run();
}

void rig_deliver_hint(const uint8_t *frame, uint16_t len, uint8_t checksum)
{
    net_buff_desc_t buffer;

    assert_int_equal(net_dequeue_free(&rig.copier, &buffer), 0);
    memcpy(rig.rx_data + buffer.io_or_offset, frame, len);
    buffer.len = len;
    buffer.checksum = checksum;
    assert_int_equal(net_enqueue_active(&rig.copier, buffer), 0);
    rig_run();
}

void rig_send_tcp(const struct rig_segment *segment)
{
    uint8_t frame[RIG_FRAME];

    assert_true(rig_deliver(frame, rig_put_tcp(frame, segment)));
    rig_run();
}

void rig_connect(struct rig_segment *c, uint16_t port)
{
    uint16_t len;

    *c = (struct rig_segment){ .seq = 1000, .port = port, .flags = RIG_SYN };
    rig_send_tcp(c);
    const uint8_t *answer = rig_sent(&len, false);
    assert_non_null(answer);
    assert_int_equal(answer[RIG_TCP_FLAGS], RIG_SYN | RIG_ACK);
    c->seq++;
    c->ack = load_be32(answer + RIG_TCP_SEQ) + 1;
    c->flags = RIG_ACK;
    rig_send_tcp(c);
}

void rig_run(void)
{
    sddf_lwip_process_rx();
    sddf_lwip_maybe_notify();
}

const uint8_t *rig_sent(uint16_t *len, bool keep)
{
    net_buff_desc_t buffer;

    if (net_dequeue_active(&rig.virt, &buffer) != 0) {
        return NULL;
    }
    *len = buffer.len;
    assert_true(buffer.io_or_offset < sizeof(rig.tx_data));
    if (!keep) {
        assert_int_equal(net_enqueue_free(&rig.virt, buffer), 0);
    }
    return rig.tx_data + buffer.io_or_offset;
}

void rig_drain(void)
{
    uint16_t len;

    while (rig_sent(&len, false) != NULL) {
    }
}

void rig_know_peer(void)
{
    uint8_t frame[60];
    uint16_t len;

    rig_put_arp(frame, 1);
    assert_true(rig_deliver(frame, sizeof(frame)));
    rig_run();
    const uint8_t *answer = rig_sent(&len, false);
    assert_non_null(answer);
    assert_memory_equal(answer, rig_peer_mac, 6);
    assert_int_equal(load_be16(answer + 20), 2);
    assert_memory_equal(answer + 28, rig_ip, 4);
}

void rig_assert_rx_home(void)
{
    assert_int_equal(net_queue_length(rig.rx_link.free), RIG_BUFFERS);
}

uint32_t rig_pass(uint32_t seconds)
{
    uint64_t end = rig.now_ns + seconds * UINT64_C(1000000000);
    uint32_t events = 0;

    while (rig.timer_at <= end) {
        rig.now_ns = rig.timer_at > rig.now_ns ? rig.timer_at : rig.now_ns;
        rig.timer_at = UINT64_MAX;
        sddf_lwip_process_timeout();
        sddf_lwip_maybe_notify();
        events++;
        assert_true(rig.timer_at > rig.now_ns);
    }
    rig.now_ns = end;
    return events;
}
