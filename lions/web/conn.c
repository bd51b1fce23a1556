/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conn.c - one HTTP connection as a state machine.
 *
 *             bytes complete a request            all sent and, if rendered,
 *             or break the rules                  acknowledged; keep alive
 *   READING ------------------------> SENDING -----------------------> READING
 *      |  idle, or the peer's end        |  close, all sent
 *      +------------> ENDED <------------+
 *
 * Nothing is copied: the transport sends from where the bytes are.  So heads
 * stay until they are acknowledged, one behind the other in `heads`; a rendered
 * body has one buffer, and the next request waits until it is acknowledged; a
 * file's bytes never change.
 */
#include "lions/web/conn.h"

enum {
    STATUS_TIMEOUT = 408,
};

/* Waits for a request; the peer has `wait_ms` until its first byte. */
static void start_reading(struct web_conn *c, uint64_t wait_ms, uint64_t now_ms)
{
    c->state = WEB_CONN_READING;
    c->head_sent = 0;
    c->body_sent = 0;
    c->response.is_close = false;
    c->response.is_rendered = false;
    c->response.head_len = 0;
    c->response.body_len = 0;
    web_reader_start(&c->reader);
    c->since_ms = now_ms;
    c->deadline_ms = now_ms + wait_ms;
}

void web_conn_open(struct web_conn *c, const struct web_site *site,
    struct web_counts *counts, uint64_t now_ms)
{
    c->site = site;
    c->counts = counts;
    c->unacked = 0;
    c->heads_used = 0;
    c->taken = 0;
    counts->accepted++;
    start_reading(c, WEB_CONN_HEAD_MS, now_ms);
}

static void count_response(struct web_conn *c)
{
    struct web_counts *n = c->counts;

    n->requests++;
    if (c->response.status < 300) {
        n->ok++;
    } else if (c->response.status < 400) {
        n->unchanged++;
    } else {
        n->bad++;
    }
    n->body_bytes += c->response.body_len;
}

static void start_sending(struct web_conn *c, uint64_t now_ms)
{
    count_response(c);
    c->heads_used += c->response.head_len;
    c->state = WEB_CONN_SENDING;
    c->head_sent = 0;
    c->body_sent = 0;
    c->taken = 0;
    c->since_ms = now_ms;
    c->deadline_ms = now_ms + WEB_CONN_SEND_MS;
}

/* Finds room for the next response's head; false while there is none. */
static bool take_head(struct web_conn *c)
{
    if (c->unacked == 0) {
        c->heads_used = 0;
    }
    if (c->heads_used > WEB_CONN_HEADS - WEB_HEAD_SIZE) {
        return false;
    }
    c->response.head = c->heads + c->heads_used;
    return true;
}

size_t web_conn_receive(
    struct web_conn *c, const char *data, size_t len, uint64_t now_ms)
{
    struct web_reader *r = &c->reader;

    if (c->state == WEB_CONN_ENDED) {
        return len; /* what comes after the end is dropped */
    }
    if (c->state != WEB_CONN_READING || len == 0 || !take_head(c)) {
        return 0;
    }
    if (!web_reader_has_begun(r)) {
        c->deadline_ms = now_ms + WEB_CONN_HEAD_MS;
    }

    size_t used = web_reader_feed(r, data, len);
    if (r->state == WEB_READER_COMPLETE) {
        web_response_make(c->site, &r->request, c->buf, &c->response);
        start_sending(c, now_ms);
    } else if (r->state == WEB_READER_FAILED) {
        web_response_fail(r->status, &c->response);
        start_sending(c, now_ms);
    }
    return used;
}

bool web_conn_peek(const struct web_conn *c, struct web_chunk *out)
{
    const struct web_response *r = &c->response;

    if (c->state != WEB_CONN_SENDING) {
        return false;
    }
    if (c->head_sent < r->head_len) {
        out->bytes = r->head + c->head_sent;
        out->len = r->head_len - c->head_sent;
        out->is_last = r->body_len == 0;
        return true;
    }
    if (c->body_sent < r->body_len) {
        out->bytes = r->body + c->body_sent;
        out->len = r->body_len - c->body_sent;
        out->is_last = true;
        return true;
    }
    return false;
}

/* Has everything left that this response has? */
static bool all_sent(const struct web_conn *c)
{
    return c->head_sent == c->response.head_len &&
           c->body_sent == c->response.body_len;
}

/* Nothing more will be sent; the peer has a while to take what was. */
static void end(struct web_conn *c, uint64_t now_ms)
{
    c->state = WEB_CONN_ENDED;
    c->since_ms = now_ms;
    c->deadline_ms = now_ms + WEB_CONN_SEND_MS;
}

/* Ends the response if nothing is left of it to wait for. */
static void end_response(struct web_conn *c, uint64_t now_ms)
{
    if (c->state != WEB_CONN_SENDING || !all_sent(c)) {
        return;
    }
    if (c->response.is_rendered && c->unacked > 0) {
        return;
    }
    if (c->response.is_close) {
        end(c, now_ms);
    } else {
        start_reading(c, WEB_CONN_IDLE_MS, now_ms);
    }
}

void web_conn_sent(struct web_conn *c, size_t len, uint64_t now_ms)
{
    size_t head_left = c->response.head_len - c->head_sent;
    size_t of_head = len < head_left ? len : head_left;

    c->head_sent += of_head;
    c->body_sent += len - of_head;
    c->unacked += len;
    end_response(c, now_ms);
}

void web_conn_acked(struct web_conn *c, size_t len, uint64_t now_ms)
{
    c->unacked -= len < c->unacked ? len : c->unacked;
    c->taken += len;
    if (c->taken >= WEB_CONN_SEND_MIN && c->state == WEB_CONN_SENDING) {
        c->taken = 0;
        c->deadline_ms = now_ms + WEB_CONN_SEND_MS;
    }
    end_response(c, now_ms);
}

void web_conn_finish(struct web_conn *c, uint64_t now_ms)
{
    if (c->state == WEB_CONN_ENDED) {
        return;
    }
    if (c->state == WEB_CONN_SENDING) {
        c->response.is_close = true;
        return;
    }
    if (c->state == WEB_CONN_READING && web_reader_has_begun(&c->reader)) {
        c->counts->aborted++;
    }
    end(c, now_ms);
}

enum web_conn_verdict web_conn_tick(struct web_conn *c, uint64_t now_ms)
{
    if (c->state == WEB_CONN_ENDED && c->unacked == 0) {
        return WEB_CONN_CLOSE;
    }
    if (now_ms < c->deadline_ms) {
        return WEB_CONN_GO_ON;
    }
    if (c->state == WEB_CONN_READING && !web_reader_has_begun(&c->reader)) {
        end(c, now_ms);
        return WEB_CONN_CLOSE;
    }
    c->counts->timeouts++;
    if (c->state != WEB_CONN_READING || !take_head(c)) {
        end(c, now_ms);
        return WEB_CONN_ABORT;
    }
    web_response_fail(STATUS_TIMEOUT, &c->response);
    start_sending(c, now_ms);
    return WEB_CONN_OUTPUT;
}

bool web_conn_is_idle(
    const struct web_conn *c, uint64_t min_ms, uint64_t now_ms)
{
    return c->state == WEB_CONN_READING && c->unacked == 0 &&
           !web_reader_has_begun(&c->reader) && now_ms - c->since_ms >= min_ms;
}
