/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.c - HTTP connections over lwIP's raw TCP interface.
 *
 * Bytes that the connection does not take yet stay in their pbufs and are not
 * reported as received, so TCP's window holds the peer back.  Output that TCP
 * does not take yet stays in the connection; the sent callback, and the poll
 * callback each second, try again.
 *
 * A connection that ends gives back its slot when its last byte is acknowledged.
 * What TCP still has to do (swallow what the peer still sends, so that no reset
 * overtakes our answer) it does as a "lingering" connection without a slot, of
 * the lowest priority, for at most LINGER_TICKS.
 */
#include "lions/web/server.h"

#include "lwip/pbuf.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/tcp.h"

enum {
    POLL_TICKS = 2,    /* of TCP's coarse timer, half a second each */
    LINGER_TICKS = 20, /* the time a closed connection has to go away */
    PBUF_LEN_MAX = 0xffff,
    IN_FLIGHT_MAX = 24576,   /* bytes of one connection with TCP */
    PENDING_MAX = 64,        /* receive buffers one connection may hold back */
    PENDING_TOTAL_MAX = 192, /* ... and all together */
    HALF_OPEN_TICKS = 2,     /* handshakes are given up only after that */
    IDLE_MIN_MS = 1000,      /* idle for so long: may be closed for another */
    STATUS_UNAVAILABLE = 503,
};

/* One connection; free when pcb is NULL. */
struct slot {
    struct tcp_pcb *pcb;
    struct pbuf *pending; /* received, not yet taken by the connection */
    uint16_t held;        /* buffers in `pending`, as counted in `held` below */
    bool is_peer_done;    /* the peer has sent its last byte */
    bool is_shut;         /* we have */
    struct web_conn conn;
};

static struct {
    const struct web_site *site;
    struct web_counts counts;
    uint32_t active;
    uint32_t held; /* receive buffers that wait in slots */
    uint16_t port;
    uint32_t last_now; /* as sys_now() gave it */
    uint64_t now_ms;
    struct web_response refusal;
    char refusal_head[WEB_HEAD_SIZE];
    struct slot slots[WEB_SERVER_CONNECTIONS];
} server;

/* sys_now() wraps after 49 days; this clock does not. */
static uint64_t clock_ms(void)
{
    uint32_t now = sys_now();

    server.now_ms += (uint32_t)(now - server.last_now);
    server.last_now = now;
    return server.now_ms;
}

/* --- connections without a slot ------------------------------------------ */

static err_t linger_recv(
    void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    (void)arg;
    (void)err;
    if (p != NULL) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
    }
    return ERR_OK;
}

static err_t linger_poll(void *arg, struct tcp_pcb *pcb)
{
    (void)arg;
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Closes our direction and leaves the rest to TCP. */
static void linger(struct tcp_pcb *pcb)
{
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, linger_recv);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_poll(pcb, linger_poll, LINGER_TICKS);
    tcp_setprio(pcb, TCP_PRIO_MIN);
    /* without memory for the FIN, TCP tries again by itself */
    (void)tcp_shutdown(pcb, 0, 1);
}

/* --- slots ----------------------------------------------------------------- */

/* Gives a slot back; the pcb is the caller's to close. */
static struct tcp_pcb *slot_release(struct slot *s)
{
    struct tcp_pcb *pcb = s->pcb;

    if (s->pending != NULL) {
        if (pcb != NULL) {
            tcp_recved(pcb, s->pending->tot_len);
        }
        pbuf_free(s->pending);
        s->pending = NULL;
    }
    server.held -= s->held;
    s->held = 0;
    s->pcb = NULL;
    server.active--;
    return pcb;
}

static void slot_close(struct slot *s)
{
    linger(slot_release(s));
}

/* Closes, but keeps the slot while TCP may still send from its memory. */
static void slot_finish(struct slot *s)
{
    if (s->conn.unacked == 0) {
        slot_close(s);
    } else if (!s->is_shut) {
        s->is_shut = true;
        (void)tcp_shutdown(s->pcb, 0, 1);
    }
}

/* A free slot; if need be that of the connection that is idle longest. */
static struct slot *slot_take(uint64_t now)
{
    struct slot *idle = NULL;

    for (size_t i = 0; i < WEB_SERVER_CONNECTIONS; i++) {
        struct slot *s = &server.slots[i];

        if (s->pcb == NULL) {
            return s;
        }
        if (web_conn_is_idle(&s->conn, IDLE_MIN_MS, now) &&
            (idle == NULL || s->conn.since_ms < idle->conn.since_ms)) {
            idle = s;
        }
    }
    if (idle != NULL) {
        slot_close(idle);
    }
    return idle;
}

/* Ends a connection at once; what the callback must return. */
static err_t slot_abort(struct slot *s)
{
    struct tcp_pcb *pcb = slot_release(s);

    tcp_err(pcb, NULL);
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Counts the receive buffers that the slot holds back. */
static void slot_count_held(struct slot *s)
{
    uint16_t held = s->pending == NULL ? 0 : pbuf_clen(s->pending);

    server.held = server.held - s->held + held;
    s->held = held;
}

/* Receive buffers are few, and all peers share them; an acknowledgement that
 * would let us free some needs one, too.  Does this peer hold too many? */
static bool slot_holds_too_many(const struct slot *s)
{
    return s->held > PENDING_MAX ||
           (s->held > 0 && server.held > PENDING_TOTAL_MAX);
}

/* --- moving bytes ---------------------------------------------------------- */

/* Offers received bytes to the connection.  Were any taken? */
static bool feed(struct slot *s, uint64_t now)
{
    bool any = false;

    while (s->pending != NULL) {
        size_t used = web_conn_receive(
            &s->conn, s->pending->payload, s->pending->len, now);

        if (used == 0 && s->pending->len != 0) {
            break;
        }
        tcp_recved(s->pcb, (u16_t)used);
        s->pending = pbuf_free_header(s->pending, (u16_t)used);
        any = true;
    }
    return any;
}

/*
 * How much TCP may be given.  Each segment on its way takes some of lwIP's heap,
 * even though its payload is not copied; IN_FLIGHT_MAX keeps that small enough
 * for all connections together.
 */
static size_t room(const struct slot *s)
{
    size_t sndbuf = tcp_sndbuf(s->pcb);
    size_t share =
        s->conn.unacked < IN_FLIGHT_MAX ? IN_FLIGHT_MAX - s->conn.unacked : 0;

    return sndbuf < share ? sndbuf : share;
}

/* Hands output to TCP.  Was any accepted? */
static bool flush(struct slot *s, uint64_t now)
{
    struct web_chunk chunk;
    bool any = false;

    while (web_conn_peek(&s->conn, &chunk)) {
        size_t len = chunk.len;
        u8_t flags = 0;

        if (len > room(s)) {
            len = room(s);
        }
        if (len < chunk.len || !chunk.is_last) {
            flags |= TCP_WRITE_FLAG_MORE;
        }
        if (len == 0 ||
            tcp_write(s->pcb, chunk.bytes, (u16_t)len, flags) != ERR_OK) {
            break;
        }
        web_conn_sent(&s->conn, len, now);
        any = true;
    }
    return any;
}

/* Moves everything that can move, and closes what has ended. */
static void advance(struct slot *s, uint64_t now)
{
    bool moved = true;

    while (moved) {
        moved = feed(s, now);
        moved = flush(s, now) || moved;
    }
    if (s->is_peer_done && s->pending == NULL) {
        web_conn_finish(&s->conn, now);
    }
    (void)tcp_output(s->pcb); /* what stays queued is sent by TCP's timer */
    slot_count_held(s);
    if (s->conn.state == WEB_CONN_ENDED) {
        slot_finish(s);
    }
}

/* --- what lwIP calls ------------------------------------------------------- */

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct slot *s = arg;

    (void)err;
    if (p == NULL) {
        s->is_peer_done = true;
    } else if (s->pending == NULL) {
        s->pending = p;
    } else if (p->tot_len > PBUF_LEN_MAX - s->pending->tot_len) {
        return ERR_MEM; /* lwIP keeps it and comes again */
    } else {
        pbuf_cat(s->pending, p);
    }
    advance(s, clock_ms());
    if (s->pcb == pcb && slot_holds_too_many(s)) {
        server.counts.aborted++;
        return slot_abort(s);
    }
    return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    struct slot *s = arg;
    uint64_t now = clock_ms();

    (void)pcb;
    web_conn_acked(&s->conn, len, now);
    advance(s, now);
    return ERR_OK;
}

static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
    struct slot *s = arg;
    uint64_t now = clock_ms();

    (void)pcb;
    switch (web_conn_tick(&s->conn, now)) {
    case WEB_CONN_GO_ON:
    case WEB_CONN_OUTPUT:
        advance(s, now);
        return ERR_OK;
    case WEB_CONN_CLOSE:
        slot_finish(s);
        return ERR_OK;
    case WEB_CONN_ABORT:
        break;
    }
    return slot_abort(s);
}

/* lwIP has freed the pcb. */
static void on_err(void *arg, err_t err)
{
    struct slot *s = arg;

    (void)err;
    s->pcb = NULL;
    if (!web_conn_is_idle(&s->conn, 0, clock_ms())) {
        server.counts.aborted++;
    }
    (void)slot_release(s);
}

/* No slot: says so and closes. */
static void refuse(struct tcp_pcb *pcb)
{
    server.counts.refused++;
    (void)tcp_write(
        pcb, server.refusal.head, (u16_t)server.refusal.head_len, 0);
    linger(pcb);
}

/*
 * A peer wants to connect and lwIP has no pcb left: gives up handshakes that were
 * begun a while ago and are not finished.  The peer's TCP tries again.
 */
static void drop_half_open(void)
{
    struct tcp_pcb *pcb = tcp_active_pcbs;

    while (pcb != NULL) {
        struct tcp_pcb *next = pcb->next;

        if (pcb->state == SYN_RCVD && pcb->local_port == server.port &&
            tcp_ticks - pcb->tmr >= HALF_OPEN_TICKS) {
            server.counts.half_open++;
            tcp_abort(pcb);
        }
        pcb = next;
    }
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
    uint64_t now = clock_ms();

    (void)arg;
    if (err != ERR_OK || pcb == NULL) {
        drop_half_open();
        return ERR_VAL;
    }

    struct slot *s = slot_take(now);
    if (s == NULL) {
        refuse(pcb);
        return ERR_OK;
    }
    s->pcb = pcb;
    s->pending = NULL;
    s->held = 0;
    s->is_peer_done = false;
    s->is_shut = false;
    server.active++;
    web_conn_open(&s->conn, server.site, &server.counts, now);
    tcp_arg(pcb, s);
    tcp_recv(pcb, on_recv);
    tcp_sent(pcb, on_sent);
    tcp_err(pcb, on_err);
    tcp_poll(pcb, on_poll, POLL_TICKS);
    tcp_nagle_disable(pcb);
    return ERR_OK;
}

bool web_server_start(const struct web_site *site, uint16_t port)
{
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
    struct tcp_pcb *listener;

    server.site = site;
    server.port = port;
    server.last_now = sys_now();
    server.refusal.head = server.refusal_head;
    web_response_fail(STATUS_UNAVAILABLE, &server.refusal);
    if (pcb == NULL) {
        return false;
    }
    if (tcp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
        tcp_abort(pcb);
        return false;
    }
    listener = tcp_listen(pcb);
    if (listener == NULL) {
        tcp_abort(pcb);
        return false;
    }
    tcp_accept(listener, on_accept);
    return true;
}

const struct web_counts *web_server_counts(void)
{
    return &server.counts;
}

uint32_t web_server_connections(void)
{
    return server.active;
}
