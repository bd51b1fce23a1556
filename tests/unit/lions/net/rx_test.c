/* SPDX-License-Identifier: BSD-2-Clause */
/* Received frames: answered, refused or counted, and their buffers come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sddf/network/hints.h>
#include <sddf/network/lib_sddf_lwip.h>

#include "base/bytes.h"
#include "lions/net/checksum.h"
#include "lions/net/glue.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "tests/unit/lions/net/lwip_rig.h"

static void test_udp_echo(void **state)
{
    uint8_t frame[RIG_FRAME];

    (void)state;
    for (uint16_t size = 0; size <= 1472; size = (uint16_t)(size + 23)) {
        uint16_t len = rig_put_udp(frame, size, (uint8_t)size);
        uint16_t got;

        assert_true(rig_deliver(frame, len));
        rig_run();
        const uint8_t *answer = rig_sent(&got, false);
        assert_non_null(answer);
        assert_int_equal(got, len);
        assert_memory_equal(answer, rig_peer_mac, 6);
        assert_memory_equal(answer + 26, rig_ip, 4);
        assert_int_equal(checksum(answer + 14, 20), 0xffff);
        assert_int_equal(load_be16(answer + 34), RIG_PORT);
        assert_memory_equal(answer + 42, frame + 42, size);
    }
    rig_assert_rx_home();
    assert_true(fake_sddf.notify[RIG_TX_ID] > 0);
}

static void test_ping(void **state)
{
    uint8_t frame[98];
    uint16_t len;
    uint8_t *icmp = rig_put_ip(frame, 1, 64);

    (void)state;
    memset(icmp, 0x33, 64);
    icmp[0] = 8;
    icmp[1] = 0;
    rig_checksum(icmp + 2, icmp, 64);
    assert_true(rig_deliver(frame, sizeof(frame)));
    rig_run();
    const uint8_t *answer = rig_sent(&len, false);
    assert_non_null(answer);
    assert_int_equal(answer[34], 0);
    assert_int_equal(checksum(answer + 34, 64), 0xffff);
    rig_assert_rx_home();
}

/* A wrong checksum anywhere, and nothing is answered. */
static void test_bad_checksums(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len = rig_put_udp(frame, 100, 1);

    (void)state;
    for (uint32_t at = 14; at < len; at++) {
        uint16_t got;

        if (at == 40 || at == 41) {
            continue; /* the checksum itself: 0 means none */
        }
        frame[at] ^= 0x10;
        assert_true(rig_deliver(frame, len));
        rig_run();
        assert_null(rig_sent(&got, false));
        frame[at] ^= 0x10;
    }
    rig_assert_rx_home();
}

/* A checksum that is hinted to be good is not verified; in the next frame it
 * is, and so is the header's always, and all where no neighbour means hints. */
static void test_hints_received(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len = rig_put_udp(frame, 100, 1);
    uint16_t got;

    (void)state;
    assert_true(net_hints_accepted(&rig.copier));
    frame[40] ^= 0x10;
    rig_deliver_hint(frame, len, NET_CHECKSUM_GOOD); /* padding */
    assert_null(rig_sent(&got, false));
    net_hints_offer(&rig.copier, true);
    rig_deliver_hint(frame, len, NET_CHECKSUM_GOOD);
    assert_non_null(rig_sent(&got, false));
    rig_deliver_hint(frame, len, NET_CHECKSUM_PARTIAL);
    assert_non_null(rig_sent(&got, false));
    rig_deliver_hint(frame, len, NET_CHECKSUM_NONE);
    assert_null(rig_sent(&got, false));
    frame[40] ^= 0x10;
    frame[15] ^= 0x10; /* in the IPv4 header */
    rig_deliver_hint(frame, len, NET_CHECKSUM_GOOD);
    assert_null(rig_sent(&got, false));
    rig_assert_rx_home();
}

/* Descriptors that no rig.copier should send. */
static void test_bad_descriptors(void **state)
{
    static const net_buff_desc_t bad[] = {
        { .io_or_offset = 1, .len = 60 },
        { .io_or_offset = sizeof(rig.rx_data), .len = 60 },
        { .io_or_offset = UINT64_MAX - 2047, .len = 60 },
        { .io_or_offset = 0, .len = 0 },
        { .io_or_offset = 0, .len = NET_BUFFER_SIZE + 1 },
    };
    uint64_t before = sddf_lwip_counters()->rx_bad;

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(net_enqueue_active(&rig.copier, bad[i]), 0);
        rig_run();
    }
    assert_int_equal(sddf_lwip_counters()->rx_bad, before + ARRAY_LEN(bad));
    rig_assert_rx_home();
}

/* A bad length costs the frame, not the buffer. */
static void test_bad_lengths(void **state)
{
    static const uint16_t bad[] = { 0, NET_BUFFER_SIZE + 1, UINT16_MAX };
    struct sddf_lwip_counters before = *sddf_lwip_counters();

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_buff_desc_t buffer;

        assert_int_equal(net_dequeue_free(&rig.copier, &buffer), 0);
        buffer.len = bad[i];
        assert_int_equal(net_enqueue_active(&rig.copier, buffer), 0);
        rig_run();
        rig_assert_rx_home();
    }
    assert_int_equal(
        sddf_lwip_counters()->rx_bad, before.rx_bad + ARRAY_LEN(bad));
    assert_int_equal(sddf_lwip_counters()->rx_lost, before.rx_lost);
}

/* Garbage: random bytes, and good frames with damage.  Nothing breaks, no
 * buffer stays away for good. */
static void test_garbage(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint32_t seed = 42;

    (void)state;
    for (uint32_t i = 0; i < 30000; i++) {
        uint16_t len;

        seed = seed * 1103515245 + 12345;
        len = rig_put_udp(frame, (uint16_t)(seed >> 16 & 1023), (uint8_t)i);
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
            rig_checksum(frame + 24, frame + 14, 20);
        }
        if (rig_deliver(frame, 1 + (uint16_t)((seed >> 4) % len))) {
            rig_run();
        }
        while (rig_sent(&len, false) != NULL) {
        }
    }
    /* fragments of datagrams that never come together are given up */
    (void)rig_pass(40);
    rig_assert_rx_home();
    rig_know_peer();
}

/* The datagram of put_udp() in two fragments, hinted. */
static void deliver_fragments(const uint8_t *whole, uint16_t len, uint8_t hint)
{
    enum { FIRST = 64 };
    uint8_t frame[RIG_FRAME];
    uint16_t payload = (uint16_t)(len - RIG_PAYLOAD);

    memcpy(rig_put_ip(frame, 17, FIRST), whole + RIG_PAYLOAD, FIRST);
    store_be16(frame + 20, 0x2000); /* more fragments */
    rig_checksum(frame + 24, frame + RIG_IP, 20);
    rig_deliver_hint(frame, RIG_PAYLOAD + FIRST, hint);
    uint16_t rest = (uint16_t)(payload - FIRST);
    memcpy(rig_put_ip(frame, 17, rest), whole + RIG_PAYLOAD + FIRST, rest);
    store_be16(frame + 20, FIRST / 8);
    rig_checksum(frame + 24, frame + RIG_IP, 20);
    rig_deliver_hint(frame, (uint16_t)(RIG_PAYLOAD + rest), hint);
}

/* A hint about a fragment says nothing about the datagram. */
static void test_hints_fragments(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len = rig_put_udp(frame, 100, 1);
    uint16_t got;

    (void)state;
    net_hints_offer(&rig.copier, true);
    deliver_fragments(frame, len, NET_CHECKSUM_GOOD);
    assert_non_null(rig_sent(&got, false));
    frame[80] ^= 0x10;
    deliver_fragments(frame, len, NET_CHECKSUM_GOOD);
    assert_null(rig_sent(&got, false));
    net_hints_offer(&rig.copier, false);
    rig_assert_rx_home();
}

/* A neighbour that sends a buffer which it never took: there is no room to give
 * it back. */
static void test_no_room_to_return(void **state)
{
    net_buff_desc_t buffer = { .io_or_offset = 0, .len = 60 };
    uint64_t before = sddf_lwip_counters()->rx_lost;

    (void)state;
    assert_int_equal(net_enqueue_active(&rig.copier, buffer), 0);
    rig_run();
    assert_int_equal(sddf_lwip_counters()->rx_lost, before + 1);
    rig_assert_rx_home();
}

static void give_back_early(void *arg, struct udp_pcb *pcb, struct pbuf *p,
    const ip_addr_t *addr, u16_t port)
{
    (void)arg;
    (void)pcb;
    (void)addr;
    (void)port;
    assert_int_equal(
        sddf_lwip_pbuf_pool_free((pbuf_custom_offset_t *)(void *)p),
        SDDF_LWIP_ERR_OK);
    pbuf_free(p);
}

/* A program that puts a received pbuf back into the pool loses its buffer; it
 * does not return one twice. */
static void test_wrong_free(void **state)
{
    struct udp_pcb *pcb = udp_new();
    uint8_t frame[RIG_FRAME];
    uint16_t len = rig_put_udp(frame, 100, 1);

    (void)state;
    assert_int_equal(udp_bind(pcb, IP_ANY_TYPE, RIG_PORT + 1), ERR_OK);
    udp_recv(pcb, give_back_early, NULL);
    store_be16(frame + RIG_PAYLOAD + 2, RIG_PORT + 1);
    rig_put_sum(frame, 17, 108, 6);
    assert_true(rig_deliver(frame, len));
    rig_run();
    assert_int_equal(net_queue_length(rig.rx_link.free), RIG_BUFFERS - 1);
    udp_remove(pcb);
    /* the test knows which it was: the one that came last */
    net_queue_t *active = rig.rx_link.active;
    net_buff_desc_t lost =
        active->buffers[(uint16_t)(active->tail - 1) % RIG_BUFFERS].desc;
    net_queue_handle_t ours = rig_handle(&rig.rx_link);
    assert_int_equal(net_enqueue_free(&ours, lost), 0);
    lions_glue.rx.queue.free_in = ours.free_in;
    rig_assert_rx_home();
}

static err_t refuse(struct pbuf *p, struct netif *netif)
{
    (void)p;
    (void)netif;
    return ERR_MEM;
}

/* What lwIP does not take is counted, and its buffer comes back. */
static void test_refused(void **state)
{
    netif_input_fn input = lions_glue.netif.input;
    struct sddf_lwip_counters before = *sddf_lwip_counters();
    uint8_t frame[RIG_FRAME];
    struct pbuf *p = pbuf_alloc(PBUF_RAW, 60, PBUF_RAM);

    (void)state;
    lions_glue.netif.input = refuse;
    rig_deliver_hint(frame, rig_put_udp(frame, 100, 1), NET_CHECKSUM_GOOD);
    assert_int_equal(sddf_lwip_counters()->rx_refused, before.rx_refused + 1);
    rig_assert_rx_home();
    assert_int_equal(sddf_lwip_input_pbuf(p), SDDF_LWIP_ERR_UNHANDLED);
    assert_int_equal(sddf_lwip_counters()->rx_refused, before.rx_refused + 2);
    assert_int_equal(p->ref, 1); /* the caller's */
    pbuf_free(p);
    lions_glue.netif.input = input;
}

/* Without a free pbuf frames wait in the queue; one pbuf is enough to go on. */
static void test_no_pbuf(void **state)
{
    pbuf_custom_offset_t *held[1024];
    uint32_t count = 0;
    uint8_t frame[RIG_FRAME];
    uint16_t len;

    (void)state;
    while (!sddf_lwip_pbuf_pool_empty()) {
        assert_true(count < ARRAY_LEN(held));
        held[count++] = sddf_lwip_pbuf_pool_alloc();
    }
    assert_null(sddf_lwip_pbuf_pool_alloc());
    for (uint8_t i = 0; i < 3; i++) {
        assert_true(rig_deliver(frame, rig_put_udp(frame, 100, i)));
        rig_run();
        assert_null(rig_sent(&len, false));
    }
    assert_int_equal(sddf_lwip_pbuf_pool_free(held[--count]), SDDF_LWIP_ERR_OK);
    sddf_lwip_maybe_notify(); /* the end of whatever freed it */
    for (uint8_t i = 0; i < 3; i++) {
        const uint8_t *answer = rig_sent(&len, false);

        assert_non_null(answer);
        assert_int_equal(answer[RIG_DATA], i);
    }
    while (count > 0) {
        assert_int_equal(
            sddf_lwip_pbuf_pool_free(held[--count]), SDDF_LWIP_ERR_OK);
    }
    rig_assert_rx_home();
}

static err_t accept_any(void *arg, struct tcp_pcb *pcb, err_t err)
{
    (void)arg;
    (void)pcb;
    return err;
}

/* Segments behind a gap keep buffers only while there are enough of these. */
static void test_gaps_are_shed(void **state)
{
    enum { PEERS = 2, SEGMENTS = 60 };
    struct rig_segment peers[PEERS + 1]; /* the last one keeps order */
    struct tcp_pcb *pcb = tcp_new();
    uint64_t before = sddf_lwip_counters()->rx_shed;

    (void)state;
    assert_int_equal(tcp_bind(pcb, IP_ANY_TYPE, RIG_PORT), ERR_OK);
    pcb = tcp_listen(pcb);
    tcp_accept(pcb, accept_any);
    for (uint16_t i = 0; i <= PEERS; i++) {
        rig_connect(&peers[i], (uint16_t)(5000 + i));
        peers[i].seq += 100; /* a gap */
        peers[i].len = 10;
    }
    for (uint32_t n = 0; n < PEERS * SEGMENTS; n++) {
        struct rig_segment *peer = &peers[n / SEGMENTS];
        uint32_t home = net_queue_length(rig.rx_link.free);

        assert_true(home > RIG_BUFFERS / 5);
        rig_send_tcp(peer);
        peer->seq += 20;
        rig_drain();
    }
    assert_int_equal(sddf_lwip_counters()->rx_shed, before + PEERS);
    for (uint32_t i = 0; i <= PEERS; i++) {
        peers[i].flags = RIG_RST;
        peers[i].seq = 1001;
        peers[i].len = 0;
        rig_send_tcp(&peers[i]);
    }
    assert_int_equal(tcp_close(pcb), ERR_OK);
    rig_assert_rx_home();
}

/* Frames that the program hands to lwIP itself. */
static void test_input(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t size = rig_put_udp(frame, 100, 7);
    uint16_t len;

    (void)state;
    assert_int_equal(sddf_lwip_input_pbuf(NULL), SDDF_LWIP_ERR_INVALID_PBUF);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
    assert_non_null(p);
    memcpy(p->payload, frame, size);
    assert_int_equal(sddf_lwip_input_pbuf(p), SDDF_LWIP_ERR_OK);
    sddf_lwip_maybe_notify();
    assert_non_null(rig_sent(&len, false));
    assert_int_equal(len, size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_udp_echo),
        cmocka_unit_test(test_ping),
        cmocka_unit_test(test_bad_checksums),
        cmocka_unit_test(test_hints_received),
        cmocka_unit_test(test_bad_descriptors),
        cmocka_unit_test(test_bad_lengths),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_no_pbuf),
        cmocka_unit_test(test_gaps_are_shed),
        cmocka_unit_test(test_input),
        cmocka_unit_test(test_hints_fragments),
        cmocka_unit_test(test_no_room_to_return),
        cmocka_unit_test(test_wrong_free),
        cmocka_unit_test(test_refused),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
