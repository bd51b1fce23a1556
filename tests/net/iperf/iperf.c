/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server for one `iperf3 -c` at a time: TCP from the client to us.
 *
 * The client connects and sends a cookie; from then on both sides send states,
 * one byte each, on that connection, and two JSON texts behind their lengths
 * are exchanged.  Data comes on further connections, which begin with the same
 * cookie.  What is not as expected ends the connection.
 *
 * Configuration, queues, lwIP and dispatch are written out as in programs for
 * sDDF, not taken from lions/net/client.h: that has to work, too.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/lib_sddf_lwip.h>
#include <sddf/network/queue.h>
#include <sddf/timer/config.h>
#include <sddf/util/config_check.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/fmt.h"
#include "base/mem.h"
#include "lwip/tcp.h"

#define PORT        5201u
#define COOKIE      37u
#define JSON_MAX    8192u
#define RESULT_MAX  512u
#define LENGTH_SIZE 4u

enum state {
    TEST_START = 1,
    TEST_RUNNING = 2,
    TEST_END = 4,
    PARAM_EXCHANGE = 9,
    CREATE_STREAMS = 10,
    EXCHANGE_RESULTS = 13,
    DISPLAY_RESULTS = 14,
    IPERF_DONE = 16,
};

/* What the control connection brings next. */
enum want { WANT_COOKIE, WANT_PARAMETERS, WANT_END, WANT_RESULTS, WANT_DONE };

__attribute__((__section__(".timer_client_config")))
timer_client_config_t timer_config;
__attribute__((__section__(".net_client_config")))
net_client_config_t net_config;

static struct {
    struct tcp_pcb *control;
    enum want want;
    uint8_t input[JSON_MAX];
    uint32_t have;
    uint8_t cookie[COOKIE];
    uint64_t data_bytes;
    uint64_t sent_bytes; /* says the client; results wait for all of them */
    bool results_due;
    bool streaming;
    char result[RESULT_MAX];
} iperf;

static void send_state(enum state state)
{
    uint8_t byte = (uint8_t)state;

    (void)tcp_write(iperf.control, &byte, 1, TCP_WRITE_FLAG_COPY);
    (void)tcp_output(iperf.control);
}

static void send_results(void)
{
    uint8_t length[LENGTH_SIZE];
    size_t size = fmt_print(iperf.result, sizeof(iperf.result),
        "{\"cpu_util_total\":0,\"cpu_util_user\":0,\"cpu_util_system\":0,"
        "\"sender_has_retransmits\":-1,\"streams\":[{\"id\":1,\"bytes\":%llu,"
        "\"retransmits\":-1,\"jitter\":0,\"errors\":0,\"packets\":0,"
        "\"start_time\":0,\"end_time\":1}]}",
        (unsigned long long)iperf.data_bytes);

    store_be32(length, (uint32_t)size);
    (void)tcp_write(iperf.control, length, LENGTH_SIZE, TCP_WRITE_FLAG_COPY);
    (void)tcp_write(
        iperf.control, iperf.result, (u16_t)size, TCP_WRITE_FLAG_COPY);
    (void)tcp_output(iperf.control);
}

/* The client's results tell how much it sent. */
static uint64_t read_sent(const uint8_t *text, uint32_t len)
{
    static const char key[] = "\"bytes\":";
    const uint32_t key_len = sizeof(key) - 1;
    uint64_t value = 0;

    for (uint32_t i = 0; i + key_len < len; i++) {
        if (memcmp(text + i, key, key_len) != 0) {
            continue;
        }
        for (i += key_len; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
            value = value * 10 + (uint64_t)(text[i] - '0');
        }
        return value;
    }
    return 0;
}

/* Answers with our results once all data has come. */
static void finish_if_complete(void)
{
    if (iperf.results_due && iperf.data_bytes >= iperf.sent_bytes) {
        iperf.results_due = false;
        iperf.want = WANT_DONE;
        send_results();
        send_state(DISPLAY_RESULTS);
    }
}

/* Bytes of a JSON text and its length; more than JSON_MAX if it is too long. */
static uint32_t text_size(void)
{
    uint32_t length = load_be32(iperf.input);

    return length > JSON_MAX ? JSON_MAX + 1 : LENGTH_SIZE + length;
}

/* Bytes that the control connection must have before it can go on. */
static uint32_t wanted(void)
{
    switch (iperf.want) {
    case WANT_COOKIE:
        return COOKIE;
    case WANT_PARAMETERS:
    case WANT_RESULTS:
        return iperf.have < LENGTH_SIZE ? LENGTH_SIZE : text_size();
    case WANT_END:
    case WANT_DONE:
        return 1;
    }
    return 1;
}

/* What was wanted is there. */
static bool go_on(void)
{
    switch (iperf.want) {
    case WANT_COOKIE:
        memcpy(iperf.cookie, iperf.input, COOKIE);
        iperf.want = WANT_PARAMETERS;
        send_state(PARAM_EXCHANGE);
        return true;
    case WANT_PARAMETERS:
        iperf.want = WANT_END;
        send_state(CREATE_STREAMS);
        return true;
    case WANT_END:
        if (iperf.input[0] != TEST_END) {
            return false;
        }
        iperf.want = WANT_RESULTS;
        send_state(EXCHANGE_RESULTS);
        return true;
    case WANT_RESULTS:
        iperf.sent_bytes = read_sent(iperf.input, text_size());
        iperf.results_due = true;
        finish_if_complete();
        return true;
    case WANT_DONE:
        return false; /* IPERF_DONE: the end */
    }
    return false;
}

static err_t control_end(struct tcp_pcb *pcb)
{
    iperf.control = NULL;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    if (tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    return ERR_OK;
}

/* One byte of the control connection; false if it has to end. */
static bool control_byte(uint8_t byte)
{
    if (iperf.have == JSON_MAX) {
        return false;
    }
    iperf.input[iperf.have++] = byte;
    uint32_t size = wanted();
    if (size > JSON_MAX) {
        return false;
    }
    if (iperf.have < size) {
        return true;
    }
    iperf.have = 0;
    return go_on();
}

static err_t control_received(
    void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    bool ok = p != NULL && err == ERR_OK;

    (void)arg;
    for (struct pbuf *part = p; part != NULL && ok; part = part->next) {
        const uint8_t *data = part->payload;
        for (uint16_t i = 0; i < part->len && ok; i++) {
            ok = control_byte(data[i]);
        }
    }
    if (p != NULL) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
    }
    return ok ? ERR_OK : control_end(pcb);
}

static void control_lost(void *arg, err_t err)
{
    (void)arg;
    (void)err;
    iperf.control = NULL;
}

/* Data: `arg` is not NULL once the cookie has been seen. */
static err_t data_received(
    void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    if (p == NULL || err != ERR_OK || iperf.control == NULL) {
        if (p != NULL) {
            pbuf_free(p);
        }
        tcp_recv(pcb, NULL);
        if (tcp_close(pcb) != ERR_OK) {
            tcp_abort(pcb);
            return ERR_ABRT;
        }
        return ERR_OK;
    }

    uint32_t len = p->tot_len;
    if (arg == NULL) {
        if (p->len < COOKIE || memcmp(p->payload, iperf.cookie, COOKIE) != 0) {
            pbuf_free(p);
            tcp_abort(pcb);
            return ERR_ABRT;
        }
        tcp_arg(pcb, &iperf);
        len -= COOKIE;
        if (!iperf.streaming) {
            iperf.streaming = true;
            send_state(TEST_START);
            send_state(TEST_RUNNING);
        }
    }
    iperf.data_bytes += len;
    tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    finish_if_complete();
    return ERR_OK;
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
    (void)arg;
    if (pcb == NULL || err != ERR_OK) {
        return ERR_VAL;
    }
    if (iperf.control != NULL) {
        tcp_arg(pcb, NULL);
        tcp_recv(pcb, data_received);
        return ERR_OK;
    }
    iperf.control = pcb;
    iperf.want = WANT_COOKIE;
    iperf.have = 0;
    iperf.data_bytes = 0;
    iperf.streaming = false;
    iperf.results_due = false;
    tcp_nagle_disable(pcb);
    tcp_recv(pcb, control_received);
    tcp_err(pcb, control_lost);
    return ERR_OK;
}

void init(void)
{
    net_queue_handle_t rx;
    net_queue_handle_t tx;

    config_require(timer_config_check_magic(&timer_config),
        "timer_client_config", "magic");
    config_require(
        net_config_check_magic(&net_config), "net_client_config", "magic");
    net_queue_init(&rx, net_config.rx.free_queue.vaddr,
        net_config.rx.active_queue.vaddr, net_config.rx.num_buffers);
    net_queue_init(&tx, net_config.tx.free_queue.vaddr,
        net_config.tx.active_queue.vaddr, net_config.tx.num_buffers);
    net_buffers_init(&tx, 0);
    sddf_lwip_init(NULL, &net_config, &timer_config, rx, tx, NULL, NULL, NULL,
        NULL, NULL, NULL);

    struct tcp_pcb *pcb = tcp_new();
    CHECK(pcb != NULL && tcp_bind(pcb, IP_ADDR_ANY, PORT) == ERR_OK);
    pcb = tcp_listen(pcb);
    CHECK(pcb != NULL);
    tcp_accept(pcb, accepted);
    sddf_lwip_maybe_notify();
}

void notified(sddf_channel ch)
{
    if (ch == net_config.rx.id) {
        sddf_lwip_process_rx();
    } else if (ch == timer_config.driver_id) {
        sddf_lwip_process_timeout();
    }
    sddf_lwip_maybe_notify();
}
