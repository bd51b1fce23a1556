/* SPDX-License-Identifier: BSD-2-Clause */
/* lwIP and its glue between queues that this test plays: real frames in, real
 * frames out; and garbage. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sddf/network/hints.h>
#include <sddf/network/lib_sddf_lwip.h>
#include <sddf/timer/client.h>

#include "base/bytes.h"
#include "lions/net/checksum.h"
#include "lions/net/frame_copy.h"
#include "lions/net/netif_address.h"
#include "lwip/dhcp.h"
#include "lwip/netif.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"
#include "tests/unit/net_rig.h"

#define N_BUFFERS 128u
#define RX_ID     1u
#define TX_ID     2u
#define TIMER_ID  3u
#define PORT      1235u
#define FRAME     1514u

static const uint8_t our_ip[4] = { 10, 0, 2, 15 };
static const uint8_t peer_ip[4] = { 10, 0, 2, 2 };
static const uint8_t peer_mac[6] = { 0x52, 0x55, 10, 0, 2, 2 };

static uint8_t rx_data[N_BUFFERS * NET_BUFFER_SIZE];
static uint8_t tx_data[N_BUFFERS * NET_BUFFER_SIZE];
static struct net_link rx_link;
static struct net_link tx_link;
static net_queue_handle_t copier;
static net_queue_handle_t virt;
static uint64_t now_ns;
static uint32_t timers_set;
static uint64_t timer_at = UINT64_MAX;

uint64_t sddf_read_counter(void)
{
    return now_ns;
}

uint64_t sddf_read_freq(void)
{
    return 1000000000;
}

static seL4_MessageInfo_t timer_call(sddf_channel ch, seL4_MessageInfo_t info)
{
    assert_int_equal(ch, TIMER_ID);
    assert_int_equal(seL4_MessageInfo_get_label(info), SDDF_TIMER_SET_TIMEOUT);
    timers_set++;
    if (now_ns + sddf_get_mr(0) < timer_at) {
        timer_at = now_ns + sddf_get_mr(0);
    }
    return seL4_MessageInfo_new(SDDF_TIMER_OK, 0, 0, 0);
}

/* Sends datagrams back. */
static void echo(void *arg, struct udp_pcb *pcb, struct pbuf *p,
    const ip_addr_t *addr, u16_t port)
{
    (void)arg;
    (void)udp_sendto(pcb, p, addr, port);
    pbuf_free(p);
}

/* lwIP can be started once per program. */
static int start(void **state)
{
    net_client_config_t config = { .magic = { 0 } };
    timer_client_config_t timer = { .driver_id = TIMER_ID };

    (void)state;
    fake_sddf_reset();
    fake_sddf.ppcall = timer_call;
    now_ns = UINT64_C(5000000000);
    rx_link = rig_link(N_BUFFERS);
    tx_link = rig_link(N_BUFFERS);
    copier = rig_handle(&rx_link);
    virt = rig_handle(&tx_link);
    config.rx = rig_conn(&rx_link, RX_ID);
    config.tx = rig_conn(&tx_link, TX_ID);
    config.rx_data = (region_resource_t){ rx_data, sizeof(rx_data) };
    config.tx_data = (region_resource_t){ tx_data, sizeof(tx_data) };
    config.mac_addr = rig_mac(1);
    net_buffers_init(&copier, 0);
    net_queue_handle_t rx = rig_handle(&rx_link);
    net_queue_handle_t tx = rig_handle(&tx_link);
    net_buffers_init(&tx, 0);
    char address[] = "10.0.2.15/24,10.0.2.2";
    sddf_lwip_init(
        NULL, &config, &timer, rx, tx, address, NULL, NULL, NULL, NULL, NULL);
    struct udp_pcb *pcb = udp_new();
    assert_non_null(pcb);
    assert_int_equal(udp_bind(pcb, IP_ANY_TYPE, PORT), 0);
    udp_recv(pcb, echo, NULL);
    sddf_lwip_maybe_notify();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    rig_unlink(&rx_link);
    rig_unlink(&tx_link);
    return 0;
}

/* --- Frames ------------------------------------------------------------------ */

static void put_checksum(uint8_t *at, const uint8_t *data, size_t len)
{
    uint16_t sum;

    memset(at, 0, 2);
    sum = (uint16_t)~checksum(data, len);
    memcpy(at, &sum, 2);
}

/* An Ethernet and IPv4 header; returns where the payload goes. */
static uint8_t *put_ip(uint8_t *frame, uint8_t proto, uint16_t payload)
{
    mac_addr_t mac = rig_mac(1);
    uint8_t *ip = frame + 14;

    memset(frame, 0, 34);
    memcpy(frame, mac.addr, 6);
    memcpy(frame + 6, peer_mac, 6);
    store_be16(frame + 12, ETH_TYPE_IP);
    ip[0] = 0x45;
    store_be16(ip + 2, (uint16_t)(20 + payload));
    ip[8] = 64;
    ip[9] = proto;
    memcpy(ip + 12, peer_ip, 4);
    memcpy(ip + 16, our_ip, 4);
    put_checksum(ip + 10, ip, 20);
    return ip + 20;
}

/* A datagram whose payload is a pattern that begins with `first`. */
static uint16_t put_udp(uint8_t *frame, uint16_t len, uint8_t first)
{
    uint8_t sum[12 + FRAME];
    uint8_t *udp = put_ip(frame, 17, (uint16_t)(8 + len));

    store_be16(udp, 4000);
    store_be16(udp + 2, PORT);
    store_be16(udp + 4, (uint16_t)(8 + len));
    store_be16(udp + 6, 0);
    for (uint32_t i = 0; i < len; i++) {
        udp[8 + i] = (uint8_t)(first + i);
    }
    memcpy(sum, peer_ip, 4);
    memcpy(sum + 4, our_ip, 4);
    store_be16(sum + 8, 17);
    store_be16(sum + 10, (uint16_t)(8 + len));
    memcpy(sum + 12, udp, 8u + len);
    put_checksum(udp + 6, sum, 20u + len);
    return (uint16_t)(42 + len);
}

/* The copier delivers a frame; false if the client left it no buffer. */
static bool deliver(const uint8_t *frame, uint16_t len)
{
    net_buff_desc_t buffer;

    if (net_dequeue_free(&copier, &buffer) != 0) {
        return false;
    }
    memcpy(rx_data + buffer.io_or_offset, frame, len);
    buffer.len = len;
    assert_int_equal(net_enqueue_active(&copier, buffer), 0);
    return true;
}

static void run(void)
{
    sddf_lwip_process_rx();
    sddf_lwip_maybe_notify();
}

/* The virtualiser takes the next frame that was sent; NULL if there is none.
 * With `keep`, its buffer does not come back. */
static const uint8_t *sent(uint16_t *len, bool keep)
{
    net_buff_desc_t buffer;

    if (net_dequeue_active(&virt, &buffer) != 0) {
        return NULL;
    }
    *len = buffer.len;
    assert_true(buffer.io_or_offset < sizeof(tx_data));
    if (!keep) {
        assert_int_equal(net_enqueue_free(&virt, buffer), 0);
    }
    return tx_data + buffer.io_or_offset;
}

static void know_peer(void)
{
    uint8_t frame[60] = { 0 };
    uint16_t len;

    memset(frame, 0xff, 6);
    memcpy(frame + 6, peer_mac, 6);
    store_be16(frame + 12, 0x0806);
    store_be16(frame + 14, 1);
    store_be16(frame + 16, ETH_TYPE_IP);
    frame[18] = 6;
    frame[19] = 4;
    store_be16(frame + 20, 1); /* who has */
    memcpy(frame + 22, peer_mac, 6);
    memcpy(frame + 28, peer_ip, 4);
    memcpy(frame + 38, our_ip, 4);
    assert_true(deliver(frame, sizeof(frame)));
    run();
    const uint8_t *answer = sent(&len, false);
    assert_non_null(answer);
    assert_memory_equal(answer, peer_mac, 6);
    assert_int_equal(load_be16(answer + 20), 2);
    assert_memory_equal(answer + 28, our_ip, 4);
}

/* Every receive buffer is back with the copier. */
static void assert_rx_home(void)
{
    assert_int_equal(net_queue_length(rx_link.free), N_BUFFERS);
}

/* --- Tests -------------------------------------------------------------------- */

/* First: the announcement of a static address is on the wire. */
static void test_arp(void **state)
{
    uint16_t len;

    (void)state;
    while (sent(&len, false) != NULL) {
        assert_true(len >= 42);
    }
    know_peer();
    assert_rx_home();
}

static void test_udp_echo(void **state)
{
    uint8_t frame[FRAME];

    (void)state;
    for (uint16_t size = 0; size <= 1472; size = (uint16_t)(size + 23)) {
        uint16_t len = put_udp(frame, size, (uint8_t)size);
        uint16_t got;

        assert_true(deliver(frame, len));
        run();
        const uint8_t *answer = sent(&got, false);
        assert_non_null(answer);
        assert_int_equal(got, len);
        assert_memory_equal(answer, peer_mac, 6);
        assert_memory_equal(answer + 26, our_ip, 4);
        assert_int_equal(checksum(answer + 14, 20), 0xffff);
        assert_int_equal(load_be16(answer + 34), PORT);
        assert_memory_equal(answer + 42, frame + 42, size);
    }
    assert_rx_home();
    assert_true(fake_sddf.notify[TX_ID] > 0);
}

/* What one event sends is shown when it ends, in order; receive buffers go home
 * at once, so that a long event does not starve the copier. */
static void test_batch(void **state)
{
    enum { FRAMES = 40 };
    uint8_t frame[FRAME];
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i < FRAMES; i++) {
        (void)put_udp(frame, 64, (uint8_t)i);
        assert_true(deliver(frame, 106));
    }
    sddf_lwip_process_rx();
    assert_null(sent(&len, false));
    assert_rx_home();
    sddf_lwip_maybe_notify();
    for (uint32_t i = 0; i < FRAMES; i++) {
        const uint8_t *answer = sent(&len, false);

        assert_non_null(answer);
        assert_int_equal(answer[42], i);
    }
    assert_null(sent(&len, false));
}

static void test_ping(void **state)
{
    uint8_t frame[98];
    uint16_t len;
    uint8_t *icmp = put_ip(frame, 1, 64);

    (void)state;
    memset(icmp, 0x33, 64);
    icmp[0] = 8;
    icmp[1] = 0;
    put_checksum(icmp + 2, icmp, 64);
    assert_true(deliver(frame, sizeof(frame)));
    run();
    const uint8_t *answer = sent(&len, false);
    assert_non_null(answer);
    assert_int_equal(answer[34], 0);
    assert_int_equal(checksum(answer + 34, 64), 0xffff);
    assert_rx_home();
}

/* A wrong checksum anywhere, and nothing is answered. */
static void test_bad_checksums(void **state)
{
    uint8_t frame[FRAME];
    uint16_t len = put_udp(frame, 100, 1);

    (void)state;
    for (uint32_t at = 14; at < len; at++) {
        uint16_t got;

        if (at == 40 || at == 41) {
            continue; /* the checksum itself: 0 means none */
        }
        frame[at] ^= 0x10;
        assert_true(deliver(frame, len));
        run();
        assert_null(sent(&got, false));
        frame[at] ^= 0x10;
    }
    assert_rx_home();
}

/* Without Tx buffers frames wait, in order, and are sent when there are. */
static void test_back_pressure(void **state)
{
    const struct sddf_lwip_counters *counters = sddf_lwip_counters();
    uint8_t frame[FRAME];
    uint64_t dropped = counters->tx_dropped;
    uint32_t total = N_BUFFERS + SDDF_LWIP_RETAINED_MAX;
    uint32_t received = 0;
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i < total + 10; i++) {
        (void)put_udp(frame, 100, (uint8_t)i);
        assert_true(deliver(frame, 142));
        run();
    }
    assert_int_equal(counters->tx_dropped, dropped + 10);
    assert_int_equal(counters->tx_retained, SDDF_LWIP_RETAINED_MAX);
    assert_true(net_require_signal_free(&virt));
    assert_rx_home();
    for (;;) {
        const uint8_t *answer = sent(&len, false);

        if (answer == NULL) {
            sddf_lwip_maybe_notify();
            answer = sent(&len, false);
        }
        if (answer == NULL) {
            break;
        }
        assert_int_equal(answer[42], (uint8_t)received);
        received++;
    }
    assert_int_equal(received, total);
    assert_int_equal(net_queue_length(tx_link.free), N_BUFFERS);
}

/* Descriptors that no copier should send. */
static void test_bad_descriptors(void **state)
{
    static const net_buff_desc_t bad[] = {
        { .io_or_offset = 1, .len = 60 },
        { .io_or_offset = sizeof(rx_data), .len = 60 },
        { .io_or_offset = UINT64_MAX - 2047, .len = 60 },
        { .io_or_offset = 0, .len = 0 },
        { .io_or_offset = 0, .len = NET_BUFFER_SIZE + 1 },
    };
    uint64_t before = sddf_lwip_counters()->rx_bad;

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(net_enqueue_active(&copier, bad[i]), 0);
        run();
    }
    assert_int_equal(sddf_lwip_counters()->rx_bad, before + ARRAY_LEN(bad));
    assert_rx_home();
}

/* A bad length costs the frame, not the buffer. */
static void test_bad_lengths(void **state)
{
    static const uint16_t bad[] = { 0, NET_BUFFER_SIZE + 1, UINT16_MAX };
    struct sddf_lwip_counters before = *sddf_lwip_counters();

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_buff_desc_t buffer;

        assert_int_equal(net_dequeue_free(&copier, &buffer), 0);
        buffer.len = bad[i];
        assert_int_equal(net_enqueue_active(&copier, buffer), 0);
        run();
        assert_rx_home();
    }
    assert_int_equal(
        sddf_lwip_counters()->rx_bad, before.rx_bad + ARRAY_LEN(bad));
    assert_int_equal(sddf_lwip_counters()->rx_lost, before.rx_lost);
}

/* Buffers to send from that are none are passed over. */
static void test_bad_tx_buffers(void **state)
{
    static const uint64_t bad[] = { 1, sizeof(tx_data), UINT64_MAX - 2047 };
    struct sddf_lwip_counters before = *sddf_lwip_counters();
    uint64_t kept[ARRAY_LEN(bad)];
    uint8_t frame[FRAME];
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i <= N_BUFFERS; i++) {
        bool keep = i < ARRAY_LEN(bad);

        assert_true(deliver(frame, put_udp(frame, 100, (uint8_t)i)));
        run();
        const uint8_t *answer = sent(&len, keep);
        assert_non_null(answer);
        assert_int_equal(answer[42], (uint8_t)i);
        if (keep) {
            net_buff_desc_t wrong = { .io_or_offset = bad[i] };

            kept[i] = (uint64_t)(answer - tx_data);
            assert_int_equal(net_enqueue_free(&virt, wrong), 0);
        }
    }
    assert_int_equal(
        sddf_lwip_counters()->tx_bad, before.tx_bad + ARRAY_LEN(bad));
    assert_int_equal(sddf_lwip_counters()->rx_bad, before.rx_bad);
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_buff_desc_t buffer = { .io_or_offset = kept[i] };

        assert_int_equal(net_enqueue_free(&virt, buffer), 0);
    }
    assert_int_equal(net_queue_length(tx_link.free), N_BUFFERS);
}

static _Atomic bool racing;
static uint32_t homeless; /* buffers that there was no room for */

/* A virtualiser on another processor, which returns buffers at once. */
static void *return_at_once(void *arg)
{
    net_buff_desc_t buffer;

    (void)arg;
    while (atomic_load(&racing)) {
        if (net_dequeue_active(&virt, &buffer) == 0 &&
            net_enqueue_free(&virt, buffer) != 0) {
            homeless++;
        }
    }
    return NULL;
}

/* Whenever a frame is visible, there is room to return its buffer. */
static void test_room_to_return(void **state)
{
    uint8_t frame[FRAME];
    uint16_t len = put_udp(frame, 64, 3);
    pthread_t thread;

    (void)state;
    assert_int_equal(net_queue_length(tx_link.free), N_BUFFERS);
    atomic_store(&racing, true);
    assert_int_equal(pthread_create(&thread, NULL, return_at_once, NULL), 0);
    for (uint32_t i = 0; i < 20000; i++) {
        bool delivered = deliver(frame, len);

        run();
        if (!delivered) {
            break;
        }
    }
    atomic_store(&racing, false);
    assert_int_equal(pthread_join(thread, NULL), 0);
    do {
        run(); /* some may have waited for a buffer */
    } while (sent(&len, false) != NULL);
    assert_int_equal(homeless, 0);
    assert_int_equal(net_queue_length(tx_link.free), N_BUFFERS);
    assert_rx_home();
}

/* Lets time pass as the timer driver would; returns how often it woke us. */
static uint32_t pass(uint32_t seconds)
{
    uint64_t end = now_ns + seconds * UINT64_C(1000000000);
    uint32_t events = 0;

    while (timer_at <= end) {
        now_ns = timer_at > now_ns ? timer_at : now_ns;
        timer_at = UINT64_MAX;
        sddf_lwip_process_timeout();
        sddf_lwip_maybe_notify();
        events++;
        assert_true(timer_at > now_ns);
    }
    now_ns = end;
    return events;
}

/* The timer is set for the next thing to do, once; when nothing waits, that is
 * the slow clock of DHCP. */
static void test_timer(void **state)
{
    (void)state;
    sddf_lwip_maybe_notify();
    uint32_t before = timers_set;
    for (uint32_t i = 0; i < 100; i++) {
        sddf_lwip_maybe_notify();
    }
    assert_int_equal(timers_set, before);
    (void)pass(60);
    assert_in_range(pass(600), 9, 11);
}

/* An address nobody confirmed for five minutes is asked for again, every
 * second, and the frame that waits for it is sent when the answer is there. */
static void test_arp_ages(void **state)
{
    uint8_t frame[FRAME];
    uint16_t len;

    (void)state;
    know_peer();
    (void)pass(400);
    assert_true(deliver(frame, put_udp(frame, 100, 1)));
    run();
    for (uint32_t i = 0; i < 3; i++) {
        const uint8_t *request = sent(&len, false);

        assert_non_null(request);
        assert_int_equal(load_be16(request + 12), 0x0806);
        assert_int_equal(load_be16(request + 20), 1);
        assert_memory_equal(request + 38, peer_ip, 4);
        assert_null(sent(&len, false));
        assert_true(timer_at <= now_ns + UINT64_C(1000000000));
        (void)pass(1);
    }
    (void)sent(&len, false);
    uint8_t answer[60] = { 0 };
    mac_addr_t mac = rig_mac(1);
    memcpy(answer, mac.addr, 6);
    memcpy(answer + 6, peer_mac, 6);
    memcpy(answer + 12, "\x08\x06\x00\x01\x08\x00\x06\x04\x00\x02", 10);
    memcpy(answer + 22, peer_mac, 6);
    memcpy(answer + 28, peer_ip, 4);
    memcpy(answer + 32, mac.addr, 6);
    memcpy(answer + 38, our_ip, 4);
    assert_true(deliver(answer, sizeof(answer)));
    run();
    const uint8_t *echoed = sent(&len, false);
    assert_non_null(echoed);
    assert_int_equal(len, 142);
    assert_int_equal(load_be16(echoed + 12), ETH_TYPE_IP);
    assert_rx_home();
    (void)pass(60);
    assert_in_range(pass(120), 1, 3);
}

/* How many frames were sent; all are DHCP's. */
static uint32_t discovers(void)
{
    uint32_t count = 0;
    uint16_t len;

    for (;;) {
        const uint8_t *frame = sent(&len, false);

        if (frame == NULL) {
            return count;
        }
        assert_int_equal(load_be16(frame + 36), 67); /* to the server */
        count++;
    }
}

/* A DHCP request that nobody answers is repeated after 2, 4, 8, ... seconds
 * (lwIP's choice), and nothing else wakes us; one that takes the place of
 * another waits its own time. */
static void test_dhcp_waits(void **state)
{
    uint16_t len;

    (void)state;
    while (sent(&len, false) != NULL) {
    }
    (void)pass(60);
    assert_int_equal(dhcp_start(netif_default), ERR_OK);
    sddf_lwip_maybe_notify();
    assert_int_equal(discovers(), 1);
    (void)pass(1);
    assert_int_equal(discovers(), 0);
    (void)pass(1);
    assert_int_equal(discovers(), 1);
    assert_in_range(pass(30), 3, 5); /* at 6, 14 and 30, and the slow clock */
    assert_int_equal(discovers(), 3);

    (void)pass(10);
    dhcp_stop(netif_default);
    assert_int_equal(dhcp_start(netif_default), ERR_OK);
    sddf_lwip_maybe_notify();
    assert_int_equal(discovers(), 1);
    (void)pass(1);
    assert_int_equal(discovers(), 0);
    (void)pass(1);
    assert_int_equal(discovers(), 1);
    dhcp_stop(netif_default);
    sddf_lwip_maybe_notify();
    assert_in_range(pass(600), 9, 11);
    assert_int_equal(discovers(), 0);
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
    (void)pass(2);
    assert_int_equal(fired, 0);
    (void)pass(1);
    assert_int_equal(fired, 1);
    (void)pass(10);
    assert_int_equal(fired, 1);
}

/* Garbage: random bytes, and good frames with damage.  Nothing breaks, no
 * buffer stays away for good. */
static void test_garbage(void **state)
{
    uint8_t frame[FRAME];
    uint32_t seed = 42;

    (void)state;
    for (uint32_t i = 0; i < 30000; i++) {
        uint16_t len;

        seed = seed * 1103515245 + 12345;
        len = put_udp(frame, (uint16_t)(seed >> 16 & 1023), (uint8_t)i);
        for (uint32_t n = 0; n < (i & 7); n++) {
            seed = seed * 1103515245 + 12345;
            /* mostly in the headers */
            frame[(seed >> 16) % (n < 6 ? 60 : len)] = (uint8_t)(seed >> 8);
        }
        if ((i & 15) == 15) {
            for (uint32_t n = 12; n < len; n++) {
                seed = seed * 1103515245 + 12345;
                frame[n] = (uint8_t)(seed >> 16);
            }
        }
        if ((seed >> 20 & 3) == 0) {
            put_checksum(frame + 24, frame + 14, 20);
        }
        if (deliver(frame, 1 + (uint16_t)((seed >> 4) % len))) {
            run();
        }
        while (sent(&len, false) != NULL) {
        }
    }
    /* fragments of datagrams that never come together are given up */
    (void)pass(40);
    assert_rx_home();
    know_peer();
}

static void test_checksum(void **state)
{
    uint8_t data[300];

    (void)state;
    for (uint32_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 151 + 255);
    }
    for (uint32_t at = 0; at < 17; at++) {
        for (uint32_t len = 0; len < 270; len++) {
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
    for (uint32_t at = 0; at <= sizeof(data); at++) {
        memset(copy, 0, sizeof(copy));
        uint64_t first = checksum_add(UINT64_MAX, data, at); /* -0 */
        uint64_t second = checksum_add_copy(
            UINT64_MAX, copy + at, data + at, sizeof(data) - at);
        uint64_t sum =
            checksum_plus(first, at % 2 != 0 ? checksum_shift(second) : second);

        assert_int_equal(checksum_fold(sum), whole);
        assert_memory_equal(copy + at, data + at, sizeof(data) - at);
    }
}

/* `p` copied with a partial checksum becomes `frame` when that is completed, as
 * a device does (VIRTIO 1.2, 5.1.6.2). */
static void expect_partial(
    const uint8_t *frame, uint16_t len, const struct pbuf *p)
{
    uint8_t copy[FRAME] = { 0 };
    struct frame_partial partial;

    assert_int_equal(frame_copy_partial(copy, p, &partial), len);
    assert_int_equal(partial.start, 34);
    assert_int_equal(partial.offset, 6);
    uint16_t sum = (uint16_t)~checksum(copy + 34, (uint16_t)(len - 34));
    sum = sum == 0 ? 0xffff : sum;
    memcpy(copy + 40, &sum, sizeof(sum));
    assert_memory_equal(copy, frame, len);
}

/* A datagram in parts of any length, odd ones too, has the checksum of the
 * whole. */
static void test_frame_parts(void **state)
{
    uint8_t frame[FRAME];
    uint8_t copy[FRAME];
    uint16_t len = put_udp(frame, 301, 7);

    (void)state;
    for (uint16_t part = 1; part < len - 42; part++) {
        struct pbuf *head = pbuf_alloc(PBUF_RAW, 42, PBUF_RAM);

        assert_non_null(head);
        memcpy(head->payload, frame, 42);
        memset((uint8_t *)head->payload + 40, 0, 2);
        for (uint16_t at = 42; at < len; at = (uint16_t)(at + part)) {
            uint16_t size = len - at < part ? (uint16_t)(len - at) : part;
            struct pbuf *next = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);

            assert_non_null(next);
            memcpy(next->payload, frame + at, size);
            pbuf_cat(head, next);
        }
        memset(copy, 0, sizeof(copy));
        assert_int_equal(frame_copy(copy, head), len);
        assert_memory_equal(copy, frame, len);
        expect_partial(frame, len, head);
        pbuf_free(head);
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

/* The copier delivers a frame with a hint. */
static void deliver_hint(const uint8_t *frame, uint16_t len, uint8_t checksum)
{
    net_buff_desc_t buffer;

    assert_int_equal(net_dequeue_free(&copier, &buffer), 0);
    memcpy(rx_data + buffer.io_or_offset, frame, len);
    buffer.len = len;
    buffer.checksum = checksum;
    assert_int_equal(net_enqueue_active(&copier, buffer), 0);
    run();
}

/* A checksum that a neighbour vouches for is not verified; in the next frame it
 * is, and so is the header's always, and all where no neighbour means hints. */
static void test_hints_received(void **state)
{
    uint8_t frame[FRAME];
    uint16_t len = put_udp(frame, 100, 1);
    uint16_t got;

    (void)state;
    assert_true(net_hints_accepted(&copier));
    frame[40] ^= 0x10;
    deliver_hint(frame, len, NET_CHECKSUM_GOOD); /* padding */
    assert_null(sent(&got, false));
    net_hints_offer(&copier, true);
    deliver_hint(frame, len, NET_CHECKSUM_GOOD);
    assert_non_null(sent(&got, false));
    deliver_hint(frame, len, NET_CHECKSUM_PARTIAL);
    assert_non_null(sent(&got, false));
    deliver_hint(frame, len, NET_CHECKSUM_NONE);
    assert_null(sent(&got, false));
    frame[40] ^= 0x10;
    frame[15] ^= 0x10; /* in the IPv4 header */
    deliver_hint(frame, len, NET_CHECKSUM_GOOD);
    assert_null(sent(&got, false));
    assert_rx_home();
}

/* One echo of `size` bytes; its descriptor, which has come back. */
static net_buff_desc_t echo_sent(uint16_t size)
{
    uint8_t frame[FRAME];
    net_buff_desc_t buffer;

    assert_true(deliver(frame, put_udp(frame, size, (uint8_t)size)));
    run();
    assert_int_equal(net_dequeue_active(&virt, &buffer), 0);
    assert_int_equal(buffer.len, 42 + size);
    assert_int_equal(net_enqueue_free(&virt, buffer), 0);
    return buffer;
}

/* Echoes until the client has seen what its neighbour says: it looks when it
 * looks for more buffers. */
static void say_accepted(bool yes)
{
    uint32_t tries = 0;

    net_hints_accept(&virt, yes);
    while ((echo_sent(4).checksum == NET_CHECKSUM_PARTIAL) != yes) {
        assert_true(++tries <= N_BUFFERS);
    }
}

/* Where somebody fills in checksums, a frame leaves with what that needs; filled
 * in (VIRTIO 1.2, 5.1.6.2), it is sound. */
static void test_hints_sent(void **state)
{
    (void)state;
    assert_true(net_hints_offered(&virt));
    say_accepted(true);
    for (uint16_t size = 0; size <= 1472; size = (uint16_t)(size + 23)) {
        net_buff_desc_t buffer = echo_sent(size);
        uint8_t *frame = tx_data + buffer.io_or_offset;
        uint16_t len = (uint16_t)(8 + size);
        uint8_t pseudo[12] = { [9] = 17 };

        assert_int_equal(buffer.checksum, NET_CHECKSUM_PARTIAL);
        assert_int_equal(buffer.checksum_start, 34);
        assert_int_equal(buffer.checksum_offset, 6);
        memcpy(pseudo, frame + 26, 8);
        store_be16(pseudo + 10, len);
        uint16_t sum = checksum(pseudo, sizeof(pseudo));
        assert_memory_equal(frame + 40, &sum, sizeof(sum));
        assert_int_equal(checksum(frame + 14, 20), 0xffff);
        sum = (uint16_t)~checksum(frame + 34, len);
        memcpy(frame + 40, &sum, sizeof(sum));
        uint64_t all = checksum_add(0, pseudo, sizeof(pseudo));
        assert_int_equal(
            checksum_fold(checksum_add(all, frame + 34, len)), 0xffff);
    }
    say_accepted(false);
    net_hints_offer(&copier, false);
    assert_rx_home();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arp),
        cmocka_unit_test(test_udp_echo),
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_ping),
        cmocka_unit_test(test_bad_checksums),
        cmocka_unit_test(test_hints_received),
        cmocka_unit_test(test_hints_sent),
        cmocka_unit_test(test_back_pressure),
        cmocka_unit_test(test_bad_descriptors),
        cmocka_unit_test(test_bad_lengths),
        cmocka_unit_test(test_bad_tx_buffers),
        cmocka_unit_test(test_room_to_return),
        cmocka_unit_test(test_timer),
        cmocka_unit_test(test_arp_ages),
        cmocka_unit_test(test_one_shots),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_dhcp_waits),
        cmocka_unit_test(test_checksum),
        cmocka_unit_test(test_checksum_parts),
        cmocka_unit_test(test_frame_parts),
        cmocka_unit_test(test_checksum_long),
        cmocka_unit_test(test_address),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, start, stop);
}
