/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames to send: shown when the event ends, kept while there is no buffer,
 * with or without a checksum. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sddf/network/hints.h>
#include <sddf/network/lib_sddf_lwip.h>

#include "base/bytes.h"
#include "lions/net/checksum.h"
#include "lions/net/glue.h"
#include "tests/unit/lions/net/lwip_rig.h"

/* What one event sends is shown when it ends, in order; receive buffers go home
 * at once, so that a long event does not starve the copier. */
static void test_batch(void **state)
{
    enum { FRAMES = 40 };
    uint8_t frame[RIG_FRAME];
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i < FRAMES; i++) {
        (void)rig_put_udp(frame, 64, (uint8_t)i);
        assert_true(rig_deliver(frame, 106));
    }
    sddf_lwip_process_rx();
    assert_null(rig_sent(&len, false));
    rig_assert_rx_home();
    sddf_lwip_maybe_notify();
    for (uint32_t i = 0; i < FRAMES; i++) {
        const uint8_t *answer = rig_sent(&len, false);

        assert_non_null(answer);
        assert_int_equal(answer[42], i);
    }
    assert_null(rig_sent(&len, false));
}

/* Without Tx buffers frames wait, in order, and are sent when there are. */
static void test_back_pressure(void **state)
{
    const struct sddf_lwip_counters *counters = sddf_lwip_counters();
    uint8_t frame[RIG_FRAME];
    uint64_t dropped = counters->tx_dropped;
    uint32_t total = RIG_BUFFERS + SDDF_LWIP_RETAINED_MAX;
    uint32_t received = 0;
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i < total + 10; i++) {
        (void)rig_put_udp(frame, 100, (uint8_t)i);
        assert_true(rig_deliver(frame, 142));
        rig_run();
    }
    assert_int_equal(counters->tx_dropped, dropped + 10);
    assert_int_equal(counters->tx_retained, SDDF_LWIP_RETAINED_MAX);
    assert_true(net_require_signal_free(&rig.virt));
    rig_assert_rx_home();
    for (;;) {
        const uint8_t *answer = rig_sent(&len, false);

        if (answer == NULL) {
            sddf_lwip_maybe_notify();
            answer = rig_sent(&len, false);
        }
        if (answer == NULL) {
            break;
        }
        assert_int_equal(answer[42], (uint8_t)received);
        received++;
    }
    assert_int_equal(received, total);
    assert_int_equal(net_queue_length(rig.tx_link.free), RIG_BUFFERS);
}

/* Buffers to send from that are none are passed over. */
static void test_bad_tx_buffers(void **state)
{
    static const uint64_t bad[] = { 1, sizeof(rig.tx_data), UINT64_MAX - 2047 };
    struct sddf_lwip_counters before = *sddf_lwip_counters();
    uint64_t kept[ARRAY_LEN(bad)];
    uint8_t frame[RIG_FRAME];
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i <= RIG_BUFFERS; i++) {
        bool keep = i < ARRAY_LEN(bad);

        assert_true(rig_deliver(frame, rig_put_udp(frame, 100, (uint8_t)i)));
        rig_run();
        const uint8_t *answer = rig_sent(&len, keep);
        assert_non_null(answer);
        assert_int_equal(answer[42], (uint8_t)i);
        if (keep) {
            net_buff_desc_t wrong = { .io_or_offset = bad[i] };

            kept[i] = (uint64_t)(answer - rig.tx_data);
            assert_int_equal(net_enqueue_free(&rig.virt, wrong), 0);
        }
    }
    assert_int_equal(
        sddf_lwip_counters()->tx_bad, before.tx_bad + ARRAY_LEN(bad));
    assert_int_equal(sddf_lwip_counters()->rx_bad, before.rx_bad);
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        net_buff_desc_t buffer = { .io_or_offset = kept[i] };

        assert_int_equal(net_enqueue_free(&rig.virt, buffer), 0);
    }
    assert_int_equal(net_queue_length(rig.tx_link.free), RIG_BUFFERS);
}

static _Atomic bool racing;
static uint32_t homeless; /* buffers that there was no room for */

/* A virtualiser on another processor, which returns buffers at once. */
static void *return_at_once(void *arg)
{
    net_buff_desc_t buffer;

    (void)arg;
    while (atomic_load(&racing)) {
        if (net_dequeue_active(&rig.virt, &buffer) == 0 &&
            net_enqueue_free(&rig.virt, buffer) != 0) {
            homeless++;
        }
    }
    return NULL;
}

/* Whenever a frame is visible, there is room to return its buffer. */
static void test_room_to_return(void **state)
{
    uint8_t frame[RIG_FRAME];
    uint16_t len = rig_put_udp(frame, 64, 3);
    pthread_t thread;

    (void)state;
    assert_int_equal(net_queue_length(rig.tx_link.free), RIG_BUFFERS);
    atomic_store(&racing, true);
    assert_int_equal(pthread_create(&thread, NULL, return_at_once, NULL), 0);
    for (uint32_t i = 0; i < 20000; i++) {
        bool delivered = rig_deliver(frame, len);

        rig_run();
        if (!delivered) {
            break;
        }
    }
    atomic_store(&racing, false);
    assert_int_equal(pthread_join(thread, NULL), 0);
    do {
        rig_run(); /* some may have waited for a buffer */
    } while (rig_sent(&len, false) != NULL);
    assert_int_equal(homeless, 0);
    assert_int_equal(net_queue_length(rig.tx_link.free), RIG_BUFFERS);
    rig_assert_rx_home();
}

/* One echo of `size` bytes; its descriptor, which has come back. */
static net_buff_desc_t echo_sent(uint16_t size)
{
    uint8_t frame[RIG_FRAME];
    net_buff_desc_t buffer;

    assert_true(rig_deliver(frame, rig_put_udp(frame, size, (uint8_t)size)));
    rig_run();
    assert_int_equal(net_dequeue_active(&rig.virt, &buffer), 0);
    assert_int_equal(buffer.len, 42 + size);
    assert_int_equal(net_enqueue_free(&rig.virt, buffer), 0);
    return buffer;
}

/* Echoes until the client has seen what its neighbour says: it looks when it
 * looks for more buffers. */
static void say_accepted(bool yes)
{
    uint32_t tries = 0;

    net_hints_accept(&rig.virt, yes);
    while ((echo_sent(4).checksum == NET_CHECKSUM_PARTIAL) != yes) {
        assert_true(++tries <= RIG_BUFFERS);
    }
}

/* With checksum offload a frame leaves with what the device needs to fill in its
 * checksum; filled in (VIRTIO 1.2, 5.1.6.2), it is right. */
static void test_hints_sent(void **state)
{
    (void)state;
    assert_true(net_hints_offered(&rig.virt));
    say_accepted(true);
    for (uint16_t size = 0; size <= 1472; size = (uint16_t)(size + 23)) {
        net_buff_desc_t buffer = echo_sent(size);
        uint8_t *frame = rig.tx_data + buffer.io_or_offset;
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
    uint8_t request[60];
    net_buff_desc_t answer;
    rig_put_arp(request, 1);
    assert_true(rig_deliver(request, sizeof(request)));
    rig_run();
    assert_int_equal(net_dequeue_active(&rig.virt, &answer), 0);
    assert_int_equal(answer.checksum, NET_CHECKSUM_NONE);
    assert_int_equal(net_enqueue_free(&rig.virt, answer), 0);
    say_accepted(false);
    net_hints_offer(&rig.copier, false);
    rig_assert_rx_home();
}

/* What cannot be sent says why, and is counted where it is dropped. */
static void test_refused(void **state)
{
    uint64_t dropped = sddf_lwip_counters()->tx_dropped;
    uint16_t len;

    (void)state;
    assert_int_equal(sddf_lwip_transmit_pbuf(NULL), SDDF_LWIP_ERR_INVALID_PBUF);
    struct pbuf *p = pbuf_alloc(PBUF_RAW, NET_BUFFER_SIZE + 1, PBUF_RAM);
    assert_non_null(p);
    assert_int_equal(sddf_lwip_transmit_pbuf(p), SDDF_LWIP_ERR_LARGE_PBUF);
    assert_int_equal(sddf_lwip_counters()->tx_dropped, dropped + 1);
    assert_int_equal(
        lions_glue.netif.linkoutput(&lions_glue.netif, p), ERR_BUF);
    sddf_lwip_maybe_notify();
    assert_null(rig_sent(&len, false));
    pbuf_realloc(p, NET_BUFFER_SIZE);
    assert_int_equal(sddf_lwip_transmit_pbuf(p), SDDF_LWIP_ERR_OK);
    sddf_lwip_maybe_notify();
    assert_non_null(rig_sent(&len, false));
    assert_int_equal(len, NET_BUFFER_SIZE);
    pbuf_free(p);
}

static uint32_t taken;

static bool is_long(struct pbuf *p)
{
    return p->tot_len > 100;
}

static net_sddf_err_t take(struct pbuf *p)
{
    assert_true(p->tot_len > 100);
    taken++;
    return SDDF_LWIP_ERR_OK;
}

static net_sddf_err_t take_any(struct pbuf *p)
{
    (void)p;
    taken++;
    return SDDF_LWIP_ERR_OK;
}

/* Sends one frame; was it queued? */
static bool is_sent(uint16_t size, net_sddf_err_t expected)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
    uint16_t len;

    assert_non_null(p);
    memset(p->payload, 0x11, size);
    assert_int_equal(sddf_lwip_transmit_pbuf(p), expected);
    pbuf_free(p);
    sddf_lwip_maybe_notify();
    return rig_sent(&len, false) != NULL;
}

/* The program may send some frames itself, and those that find no buffer. */
static void test_hooks(void **state)
{
    struct glue_hooks *hooks = &lions_glue.hooks;
    net_buff_desc_t kept[RIG_BUFFERS];
    uint64_t retained = sddf_lwip_counters()->tx_retained;

    (void)state;
    taken = 0;
    hooks->tx_intercept_condition = is_long;
    assert_false(is_sent(101, SDDF_LWIP_ERR_UNHANDLED));
    hooks->tx_handle_intercept = take;
    assert_false(is_sent(101, SDDF_LWIP_ERR_OK));
    assert_int_equal(taken, 1);
    assert_true(is_sent(100, SDDF_LWIP_ERR_OK));
    assert_int_equal(taken, 1);
    hooks->tx_intercept_condition = NULL;
    hooks->tx_handle_intercept = NULL;

    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        struct pbuf *p = pbuf_alloc(PBUF_RAW, 60, PBUF_RAM);

        assert_int_equal(sddf_lwip_transmit_pbuf(p), SDDF_LWIP_ERR_OK);
        pbuf_free(p);
        sddf_lwip_maybe_notify();
        assert_int_equal(net_dequeue_active(&rig.virt, &kept[i]), 0);
    }
    hooks->handle_empty_tx_free = take_any;
    assert_false(is_sent(60, SDDF_LWIP_ERR_OK));
    assert_int_equal(taken, 2);
    assert_int_equal(sddf_lwip_counters()->tx_retained, retained);
    hooks->handle_empty_tx_free = NULL;
    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        assert_int_equal(net_enqueue_free(&rig.virt, kept[i]), 0);
    }
}

/* Sends a frame that holds `n`, without showing it. */
static void send_number(uint8_t n)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, 60, PBUF_RAM);

    assert_non_null(p);
    memset(p->payload, n, 60);
    assert_int_equal(sddf_lwip_transmit_pbuf(p), SDDF_LWIP_ERR_OK);
    pbuf_free(p);
}

/* A frame does not overtake those that wait, though there is a buffer for it. */
static void test_order(void **state)
{
    net_buff_desc_t kept[RIG_BUFFERS];
    uint16_t len;

    (void)state;
    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        send_number(0);
        sddf_lwip_maybe_notify();
        assert_int_equal(net_dequeue_active(&rig.virt, &kept[i]), 0);
    }
    send_number(1);
    sddf_lwip_maybe_notify();
    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        assert_int_equal(net_enqueue_free(&rig.virt, kept[i]), 0);
    }
    send_number(2);
    sddf_lwip_maybe_notify();
    for (uint8_t n = 1; n <= 2; n++) {
        const uint8_t *frame = rig_sent(&len, false);

        assert_non_null(frame);
        assert_int_equal(frame[0], n);
    }
}

/* A neighbour that returns buffers which it never took: no frame is written over
 * one that it has not seen. */
static void test_no_room_to_send(void **state)
{
    net_buff_desc_t buffer;

    (void)state;
    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        send_number((uint8_t)i);
    }
    sddf_lwip_maybe_notify();
    for (uint32_t i = 0; i < 5; i++) {
        buffer = (net_buff_desc_t){ .io_or_offset = i * NET_BUFFER_SIZE };
        assert_int_equal(net_enqueue_free(&rig.virt, buffer), 0);
        send_number(0xff);
        sddf_lwip_maybe_notify();
    }
    for (uint32_t i = 0; i < RIG_BUFFERS; i++) {
        assert_int_equal(net_dequeue_active(&rig.virt, &buffer), 0);
        assert_int_equal(rig.tx_data[buffer.io_or_offset], (uint8_t)i);
        if (i >= 5) { /* the others are back already */
            assert_int_equal(net_enqueue_free(&rig.virt, buffer), 0);
        }
    }
    sddf_lwip_maybe_notify();
    rig_drain(); /* the five that had to wait */
    assert_int_equal(net_queue_length(rig.tx_link.free), RIG_BUFFERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_hints_sent),
        cmocka_unit_test(test_back_pressure),
        cmocka_unit_test(test_bad_tx_buffers),
        cmocka_unit_test(test_room_to_return),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_hooks),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_no_room_to_send),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, rig_start, rig_stop);
}
