/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conn.h - one HTTP connection as a state machine, whatever carries it.
 *
 * Shape     bytes in (web_conn_receive), chunks out (web_conn_peek, _sent,
 *           _acked), a tick for the clock.  One request is in work at a
 *           time; input is not taken while a response is being sent, so that
 *           a peer who pipelines is held back by the transport.
 * Units     bytes; milliseconds of a clock that never goes back.
 * Owner     one caller; nothing here waits.
 * Trust     the peer decides bytes and timing, and nothing else: each state
 *           that waits for the peer has a deadline.
 * Errors    refused requests are answered, then the connection is closed.
 * Source    RFC 9112 section 9.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lions/web/request.h"
#include "lions/web/response.h"

#define WEB_CONN_HEAD_MS  10000u /* a request must be complete in this time */
#define WEB_CONN_IDLE_MS  20000u /* a connection may idle between requests */
#define WEB_CONN_SEND_MS  10000u /* in which a peer must take ... */
#define WEB_CONN_SEND_MIN 8192u  /* ... this much, or all of a response */
#define WEB_CONN_HEADS    8192u  /* heads on their way, of pipelined requests */

/* Numbers of all connections of a server. */
struct web_counts {
    uint64_t accepted;
    uint64_t refused;   /* no room: answered 503 */
    uint64_t half_open; /* handshakes given up for lack of room */
    uint64_t requests;
    uint64_t ok;        /* 2xx */
    uint64_t unchanged; /* 3xx */
    uint64_t bad;       /* 4xx and 5xx */
    uint64_t timeouts;
    uint64_t aborted; /* ended by the peer in the middle */
    uint64_t body_bytes;
};

/* A piece of output, which stays as it is until it is acknowledged. */
struct web_chunk {
    const char *bytes;
    size_t len;
    bool is_last; /* nothing follows in this response */
};

enum web_conn_state {
    WEB_CONN_READING, /* waits for (the rest of) a request */
    WEB_CONN_SENDING, /* has output, or waits for acknowledgement */
    WEB_CONN_ENDED,   /* to be closed, when all is acknowledged */
};

enum web_conn_verdict {
    WEB_CONN_GO_ON,
    WEB_CONN_OUTPUT, /* there is output now: a response to a timeout */
    WEB_CONN_CLOSE,  /* send nothing more, close when all is acknowledged */
    WEB_CONN_ABORT,  /* reset: the peer does not take what we sent */
};

struct web_conn {
    enum web_conn_state state;
    const struct web_site *site;
    struct web_counts *counts;
    struct web_reader reader;
    struct web_response response;
    size_t head_sent;
    size_t body_sent;
    size_t unacked; /* of all bytes sent on this connection */
    size_t taken;   /* acknowledged since the deadline was set */
    uint64_t deadline_ms;
    uint64_t since_ms; /* when the state began */
    size_t heads_used;
    char heads[WEB_CONN_HEADS];
    char buf[WEB_RENDER_SIZE];
};

/** A new connection. */
void web_conn_open(struct web_conn *c, const struct web_site *site,
    struct web_counts *counts, uint64_t now_ms);

/**
 * Takes received bytes, returns how many.  When it takes fewer than `len`,
 * the rest must be offered again once the output is gone.
 */
size_t web_conn_receive(
    struct web_conn *c, const char *data, size_t len, uint64_t now_ms);

/** The next output, if there is any. */
bool web_conn_peek(const struct web_conn *c, struct web_chunk *out);

/** The transport has accepted the first `len` bytes of web_conn_peek(). */
void web_conn_sent(struct web_conn *c, size_t len, uint64_t now_ms);

/** The peer has acknowledged `len` more bytes. */
void web_conn_acked(struct web_conn *c, size_t len, uint64_t now_ms);

/** The peer will send nothing more, and all it sent was taken. */
void web_conn_finish(struct web_conn *c, uint64_t now_ms);

/** Checks the deadlines and says what to do; call about once a second. */
enum web_conn_verdict web_conn_tick(struct web_conn *c, uint64_t now_ms);

/** Has the connection waited for a request, with nothing under way, for at
 *  least `min_ms`? */
bool web_conn_is_idle(
    const struct web_conn *c, uint64_t min_ms, uint64_t now_ms);
