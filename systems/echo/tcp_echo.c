/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends every byte back, without copying it: received pbufs stay in a chain
 * until their bytes, sent by reference, are acknowledged.
 *
 *      chain:  [ acknowledged: freed | written, not acknowledged | rest ]
 *                                    ^0                   ^written
 *
 * The window is opened by what was acknowledged, so the chain is never longer
 * than one window, and a peer that does not read its echo stops itself.
 */
#include <stddef.h>

#include <sddf/util/printf.h>

#include "lwip/pbuf.h"
#include "lwip/tcp.h"
#include "systems/echo/echo.h"

struct connection {
    bool used;
    bool closing; /* the peer has said all it wanted to say */
    struct pbuf *chain;
    uint32_t written;
};

static struct connection connections[TCP_ECHO_CONNECTIONS];

static struct connection *connection_take(void)
{
    for (uint32_t i = 0; i < TCP_ECHO_CONNECTIONS; i++) {
        if (!connections[i].used) {
            connections[i] = (struct connection){ .used = true };
            return &connections[i];
        }
    }
    return NULL;
}

static void connection_drop(struct connection *c)
{
    if (c->chain != NULL) {
        pbuf_free(c->chain);
    }
    *c = (struct connection){ .used = false };
}

/* Hands lwIP as much of the chain as it takes. */
static void connection_write(struct connection *c, struct tcp_pcb *pcb)
{
    uint32_t skip = c->written;

    for (struct pbuf *p = c->chain; p != NULL; p = p->next) {
        if (skip >= p->len) {
            skip -= p->len;
            continue;
        }
        uint32_t len = p->len - skip;
        uint32_t room = tcp_sndbuf(pcb);
        u8_t more = p->next != NULL ? TCP_WRITE_FLAG_MORE : 0;
        if (len > room) {
            len = room;
        }
        if (len == 0 || tcp_write(pcb, (const uint8_t *)p->payload + skip,
                            (u16_t)len, more) != ERR_OK) {
            return; /* sent() or poll() goes on */
        }
        c->written += len;
        skip = 0;
        if (skip + len < p->len) {
            return;
        }
    }
}

/* Closes our side once everything was echoed. */
static void connection_maybe_close(struct connection *c, struct tcp_pcb *pcb)
{
    if (!c->closing || c->chain != NULL) {
        return;
    }
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_poll(pcb, NULL, 0);
    connection_drop(c);
    if (tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
    }
}

/* `len` more bytes arrived at the peer. */
static err_t sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    struct connection *c = arg;

    c->chain = pbuf_free_header(c->chain, len);
    c->written -= len;
    tcp_recved(pcb, len);
    connection_write(c, pcb);
    connection_maybe_close(c, pcb);
    return ERR_OK;
}

static err_t received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct connection *c = arg;

    (void)err;
    if (p == NULL) {
        c->closing = true;
        connection_maybe_close(c, pcb);
        return ERR_OK;
    }
    if (c->chain == NULL) {
        c->chain = p;
    } else {
        pbuf_cat(c->chain, p);
    }
    connection_write(c, pcb);
    (void)tcp_output(pcb);
    return ERR_OK;
}

/* Twice a second: try again what did not fit. */
static err_t poll(void *arg, struct tcp_pcb *pcb)
{
    connection_write(arg, pcb);
    (void)tcp_output(pcb);
    return ERR_OK;
}

/* lwIP has freed the connection. */
static void failed(void *arg, err_t err)
{
    (void)err;
    connection_drop(arg);
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct connection *c = connection_take();

    (void)arg;
    if (err != ERR_OK || pcb == NULL || c == NULL) {
        return ERR_MEM; /* lwIP resets the connection */
    }
    tcp_nagle_disable(pcb);
    tcp_arg(pcb, c);
    tcp_recv(pcb, received);
    tcp_sent(pcb, sent);
    tcp_err(pcb, failed);
    tcp_poll(pcb, poll, 1);
    return ERR_OK;
}

bool tcp_echo_start(void)
{
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_V4);

    if (pcb == NULL || tcp_bind(pcb, IP_ANY_TYPE, TCP_ECHO_PORT) != ERR_OK) {
        sddf_printf("tcp echo: cannot bind port %d\n", TCP_ECHO_PORT);
        return false;
    }
    pcb = tcp_listen_with_backlog(pcb, 16);
    if (pcb == NULL) {
        return false;
    }
    tcp_accept(pcb, accepted);
    return true;
}
