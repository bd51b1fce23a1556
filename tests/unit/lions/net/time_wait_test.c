/* SPDX-License-Identifier: BSD-2-Clause */
/* A peer that uses a port again too early: its new connection is let in if it
 * can be told from the old one, and whatever else arrives changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sddf/network/lib_sddf_lwip.h>

#include "base/bytes.h"
#include "lwip/priv/tcp_priv.h"
#include "tests/unit/lions/net/lwip_rig.h"

#define PEER_PORT 5000u

static struct tcp_pcb *listener;
static struct tcp_pcb *accepted;

static err_t accept_one(void *arg, struct tcp_pcb *pcb, err_t err)
{
    (void)arg;
    accepted = pcb;
    return err;
}

static int listen_first(void **state)
{
    (void)rig_start(state);
    listener = tcp_new();
    assert_int_equal(tcp_bind(listener, IP_ANY_TYPE, RIG_PORT), ERR_OK);
    listener = tcp_listen(listener);
    assert_non_null(listener);
    tcp_accept(listener, accept_one);
    return 0;
}

/* A connection that we closed first, and that the peer has closed. */
static struct rig_segment closed_connection(void)
{
    struct rig_segment c;

    rig_connect(&c, PEER_PORT);
    assert_non_null(accepted);
    assert_int_equal(tcp_close(accepted), ERR_OK);
    rig_drain();
    c.ack++; /* our FIN */
    c.flags = RIG_FIN | RIG_ACK;
    rig_send_tcp(&c);
    rig_drain();
    c.seq++;
    assert_non_null(tcp_tw_pcbs);
    return c;
}

/* Forgets the connection that waits. */
static void forget(void)
{
    while (tcp_active_pcbs != NULL) {
        tcp_abort(tcp_active_pcbs);
    }
    while (tcp_tw_pcbs != NULL) {
        tcp_abort(tcp_tw_pcbs);
    }
    rig_run(); /* shows what aborting sent */
    rig_drain();
}

/* What is answered to a segment: its flags, or 0. */
static uint8_t answer_to(const struct rig_segment *segment)
{
    uint16_t len;

    rig_send_tcp(segment);
    const uint8_t *answer = rig_sent(&len, false);
    return answer == NULL ? 0 : answer[RIG_TCP_FLAGS];
}

static void test_successor(void **state)
{
    struct rig_segment c = closed_connection();

    (void)state;
    c.flags = RIG_SYN;
    c.seq++;
    assert_int_equal(answer_to(&c), RIG_SYN | RIG_ACK);
    assert_null(tcp_tw_pcbs);
    forget();
}

/* Not newer than what was received, not a plain SYN, or another connection. */
static void test_others(void **state)
{
    struct rig_segment last = closed_connection();
    struct rig_segment c = last;

    (void)state;
    c.flags = RIG_SYN;
    assert_int_not_equal(answer_to(&c), RIG_SYN | RIG_ACK);
    assert_non_null(tcp_tw_pcbs);
    c.seq = last.seq - 1000;
    assert_int_not_equal(answer_to(&c), RIG_SYN | RIG_ACK);
    assert_non_null(tcp_tw_pcbs);
    c.seq = last.seq + 1;
    c.flags = RIG_SYN | RIG_ACK;
    (void)answer_to(&c);
    assert_non_null(tcp_tw_pcbs);
    c.flags = RIG_SYN;
    c.port++;
    assert_int_equal(answer_to(&c), RIG_SYN | RIG_ACK);
    assert_non_null(tcp_tw_pcbs);
    forget();
}

/* What is delivered ends no wait. */
static void deliver_cut(const uint8_t *frame, uint16_t size, uint16_t len)
{
    rig_deliver_cut(frame, size, len);
    rig_drain();
    assert_non_null(tcp_tw_pcbs);
}

/* What looks like a successor, but is cut, or not TCP. */
static void test_broken(void **state)
{
    struct rig_segment c = closed_connection();
    uint8_t frame[RIG_FRAME];

    (void)state;
    c.flags = RIG_SYN;
    c.seq++;
    uint16_t size = rig_put_tcp(frame, &c);
    for (uint16_t len = RIG_IP; len < size; len++) {
        deliver_cut(frame, size, len);
    }
    frame[RIG_IP + 9] = 17;
    deliver_cut(frame, size, size);
    forget();
}

/* A packet of a program's own, with nothing behind its five bytes. */
static void test_short(void **state)
{
    struct rig_segment c = closed_connection();
    uint8_t frame[RIG_FRAME];
    const uint16_t len = RIG_IP + 5;
    uint8_t *copy = malloc(len);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, len, PBUF_REF);

    (void)state;
    (void)rig_put_tcp(frame, &c);
    memcpy(copy, frame, len);
    p->payload = copy;
    assert_int_equal(sddf_lwip_input_pbuf(p), SDDF_LWIP_ERR_OK);
    assert_non_null(tcp_tw_pcbs);
    free(copy);
    forget();
}

/* An IP header of 16 bytes, behind which the destination would be the ports. */
static void test_short_header(void **state)
{
    struct rig_segment c = closed_connection();
    uint8_t frame[RIG_FRAME];

    (void)state;
    tcp_tw_pcbs->remote_port = load_be16(rig_ip);
    tcp_tw_pcbs->local_port = load_be16(rig_ip + 2);
    (void)rig_put_tcp(frame, &c);
    frame[RIG_IP] = 0x44;
    store_be32(frame + RIG_PAYLOAD, c.seq + 1);
    frame[RIG_TCP_FLAGS - 4] = RIG_SYN;
    deliver_cut(frame, RIG_PAYLOAD + 20, RIG_PAYLOAD + 20);
    forget();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_successor),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_short),
        cmocka_unit_test(test_short_header),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, listen_first, rig_stop);
}
