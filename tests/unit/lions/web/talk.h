/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * talk.h - one HTTP connection with the site of site.h, for tests.
 *
 * Shape     the test plays transport, peer and clock; what the server says is
 *           collected as text.
 * Units     bytes; milliseconds.
 * Owner     the test; one connection at a time.
 * Source    lions/include/lions/web/conn.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lions/web/conn.h"
#include "tests/unit/lions/web/site.h"

struct talk {
    struct web_conn conn;
    struct web_counts counts;
    uint64_t now;
    size_t len; /* of the output */
    char output[4 * SITE_BIG];
};

extern struct talk talk;

/** A request for `target`, a string literal. */
#define TALK_GET(target) "GET " target " HTTP/1.1\r\nHost: h\r\n\r\n"

/** A case's set-up: a fresh connection and fresh counts. */
int talk_open(void **state);

/** Takes all output, at most `step` bytes at a time, and acknowledges it. */
void talk_drain(size_t step);

/** Sends bytes in pieces of `step` and collects what comes back. */
void talk_send(const char *data, size_t len, size_t step);

/** The status of the response that `text` begins with. */
unsigned talk_status(const char *text);

/** The status of the response to one request on a fresh connection, sent in
 *  single bytes and whole. */
unsigned talk_ask(const char *request);

/** Does the output contain this? */
bool talk_said(const char *text);
