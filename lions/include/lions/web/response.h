/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * response.h - decide and write the answer to one request.
 *
 * Shape     a head (status line and fields, in memory of the caller) and a
 *           body, which stays where it is: in the archive, or in the caller's
 *           buffer when a route rendered it.  The page of an error is part of
 *           the head.
 * Units     bytes.
 * Trust     the request has passed request.h; its target, dates and tags are
 *           still the peer's.
 * Errors    every failure is a response with its status.
 * Source    RFC 9110: 13.1 (conditions), 15 (status codes).
 *
 * No Date field is sent: a server without a clock must not (6.6.1).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lions/web/archive.h"
#include "lions/web/request.h"
#include "lions/web/text.h"

#define WEB_HEAD_SIZE   2048u  /* room for one response head */
#define WEB_RENDER_SIZE 24576u /* room for one rendered body */

/* A page that is made at each request.  Tables of these are constant. */
struct web_route {
    const char *path;
    const char *type;
    void (*render)(struct web_text *out);
};

/* What is served. */
struct web_site {
    struct web_archive files;
    const struct web_route *routes;
    size_t route_count;
};

struct web_response {
    unsigned status;
    bool is_close;    /* the connection ends after this response */
    bool is_head;     /* no body is sent */
    bool is_rendered; /* the body is in the caller's buffer */
    size_t head_len;
    size_t body_len; /* bytes to send: 0 for HEAD */
    const char *body;
    char *head; /* WEB_HEAD_SIZE bytes of the caller's */
};

/**
 * Answers a complete request.  `out->head` is set by the caller.  A route
 * renders into `buf` of WEB_RENDER_SIZE bytes, which must stay as it is until
 * the body is sent.
 */
void web_response_make(const struct web_site *site,
    const struct web_request *request, char *buf, struct web_response *out);

/** A response that reports `status` and ends the connection; `out->head` is set
 *  by the caller. */
void web_response_fail(unsigned status, struct web_response *out);
