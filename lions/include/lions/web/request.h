/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - read one HTTP/1.x request from a stream of bytes.
 *
 * Shape     a reader: start, feed until it is no longer READING, start again.
 * Units     bytes.
 * Owner     one reader per connection.
 * Trust     every byte is the peer's.  The grammar is http-parser's; the
 *           limits and what a server must refuse are checked here.
 * Errors    FAILED with an HTTP status; the connection must then be closed,
 *           since it is unknown where the next request begins.
 * Source    RFC 9112 (HTTP/1.1), RFC 9110 (semantics).
 *
 * A complete request may still deserve an error (a method we do not serve):
 * that is response.h's to say.  Request bodies are read and dropped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http_parser.h"

#define WEB_METHOD_MAX 24u   /* longer: 501 */
#define WEB_TARGET_MAX 1024u /* longer: 414 */
#define WEB_HEAD_MAX   8192u /* request line and header fields; more: 431 */
#define WEB_FIELDS_MAX 100u  /* more: 431 */
#define WEB_BODY_MAX   8192u /* more, framing included: 413 */

enum web_method {
    WEB_METHOD_GET,
    WEB_METHOD_HEAD,
    WEB_METHOD_OTHER, /* known, but not served */
};

/* What is kept of a request.  Values that do not fit count as absent. */
struct web_request {
    enum web_method method;
    bool is_keep_alive;
    uint16_t target_len;
    uint16_t since_len; /* If-Modified-Since */
    uint16_t match_len; /* If-None-Match */
    char target[WEB_TARGET_MAX];
    char since[40];
    char match[160];
};

enum web_reader_state {
    WEB_READER_METHOD,   /* before the first space */
    WEB_READER_HEAD,     /* in the request line or header */
    WEB_READER_BODY,     /* dropping the body */
    WEB_READER_COMPLETE, /* `request` is valid */
    WEB_READER_FAILED,   /* `status` says why */
};

/* Header fields that matter here. */
enum web_field {
    WEB_FIELD_OTHER,
    WEB_FIELD_HOST,
    WEB_FIELD_SINCE,
    WEB_FIELD_MATCH,
    WEB_FIELD_EXPECT,
    WEB_FIELD_CODING,
    WEB_FIELD_COUNT,
};

struct web_reader {
    http_parser parser;
    enum web_reader_state state;
    unsigned status;
    uint32_t head_size;
    uint32_t body_size;
    struct web_request request;

    char method[WEB_METHOD_MAX];
    uint8_t method_len;

    /* the header field being read */
    bool in_value;
    bool name_too_long;
    enum web_field field;
    uint8_t name_len;
    uint8_t field_count;
    char name[24];

    uint8_t host_count;
    uint16_t host_len;
    bool has_expect;
    bool has_coding;
    char host[256];
};

/** Makes the reader ready for the next request. */
void web_reader_start(struct web_reader *r);

/**
 * Feeds bytes and returns how many were used.  Stops behind the last byte of
 * a request, and at an error; otherwise all are used.
 */
size_t web_reader_feed(struct web_reader *r, const char *data, size_t len);

/** Has the reader seen any byte of the request? */
static inline bool web_reader_has_begun(const struct web_reader *r)
{
    return r->head_size != 0;
}
