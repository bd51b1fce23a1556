/* SPDX-License-Identifier: BSD-2-Clause */
/* See talk.h. */
#include "tests/unit/lions/web/talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct talk talk;

int talk_open(void **state)
{
    (void)state;
    memset(&talk.counts, 0, sizeof(talk.counts));
    memset(&talk.conn, 0xa5, sizeof(talk.conn));
    talk.now = 1000;
    talk.len = 0;
    web_conn_open(&talk.conn, site_open(), &talk.counts, talk.now);
    return 0;
}

void talk_drain(size_t step)
{
    struct web_chunk chunk;

    while (web_conn_peek(&talk.conn, &chunk)) {
        size_t n = chunk.len < step ? chunk.len : step;

        assert_true(n > 0);
        assert_true(n <= sizeof(talk.output) - 1 - talk.len);
        memcpy(talk.output + talk.len, chunk.bytes, n);
        talk.len += n;
        web_conn_sent(&talk.conn, n, talk.now);
        web_conn_acked(&talk.conn, n, talk.now);
    }
    talk.output[talk.len] = '\0';
}

void talk_send(const char *data, size_t len, size_t step)
{
    size_t at = 0;

    talk.len = 0;
    while (at < len && talk.conn.state != WEB_CONN_ENDED) {
        size_t n = len - at < step ? len - at : step;

        at += web_conn_receive(&talk.conn, data + at, n, talk.now);
        talk_drain(sizeof(talk.output));
    }
    talk.output[talk.len] = '\0';
}

unsigned talk_status(const char *text)
{
    unsigned status = 0;

    assert_int_equal(sscanf(text, "HTTP/1.1 %u ", &status), 1);
    return status;
}

unsigned talk_ask(const char *request)
{
    void *none = NULL;

    talk_open(&none);
    talk_send(request, strlen(request), 1);
    size_t len = talk.len;
    talk_open(&none);
    talk_send(request, strlen(request), SIZE_MAX);
    assert_int_equal(len, talk.len);
    assert_int_equal(talk.counts.requests, 1);
    return talk_status(talk.output);
}

bool talk_said(const char *text)
{
    return strstr(talk.output, text) != NULL;
}
