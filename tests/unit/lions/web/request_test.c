/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_test.c - lions/web/request: limits, grammar, versions and bodies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "tests/unit/lions/web/talk.h"

struct ask_case {
    unsigned status;
    bool is_open; /* does the connection live on? */
    const char *request;
};

#define LONG_40 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void answers_bad_requests(void **state)
{
    static const struct ask_case cases[] = {
        { 404, true, TALK_GET("/nothing") },
        { 404, true, TALK_GET("/docs/nothing/") },
        { 400, true, TALK_GET("/../etc/passwd") },
        { 400, true, TALK_GET("/%00") },
        { 400, true, TALK_GET("/%zz") },
        { 400, true, TALK_GET("*") },
        { 400, false, "GET / HTTP/1.1\r\n\r\n" },
        { 400, false, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" },
        { 400, false, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" },
        { 400, false, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" },
        { 400, false, "GET / HTTP/1.1\r\nHost : a\r\n\r\n" },
        { 400, false, "GET / HTTP/1.1\r\nHost\r\n\r\n" },
        { 400, false, "GET / HTTP/1.1\r\n\x01: a\r\n\r\n" },
        { 400, false, "GET / JUNK\r\n\r\n" },
        { 400, false, "\x16\x03\x01\x02 TLS" },
        { 400, false, " GET / HTTP/1.1\r\n\r\n" },
        { 400, false, "GET\r\n\r\n" },
        { 405, true,
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" },
        { 405, true, "DELETE / HTTP/1.1\r\nHost: h\r\n\r\n" },
        { 405, true, "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n" },
        { 405, false, "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n" },
        { 501, false, "BREW / HTTP/1.1\r\nHost: h\r\n\r\n" },
        { 501, false, "get / HTTP/1.1\r\nHost: h\r\n\r\n" },
        { 501, false, LONG_40 " / HTTP/1.1\r\nHost: h\r\n\r\n" },
        { 501, false,
            "GET / HTTP/1.1\r\nHost: h\r\n"
            "Transfer-Encoding: gzip\r\n\r\n" },
        { 505, false, "GET / HTTP/2.0\r\nHost: h\r\n\r\n" },
        { 505, false, "GET / HTTP/0.9\r\nHost: h\r\n\r\n" },
        { 505, false, "GET /\r\n\r\n" },
        { 413, false,
            "GET / HTTP/1.1\r\nHost: h\r\n"
            "Content-Length: 99999\r\n\r\n" },
        { 400, false,
            "GET / HTTP/1.1\r\nHost: h\r\n"
            "Content-Length: -1\r\n\r\n" },
        { 400, false,
            "GET / HTTP/1.1\r\nHost: h\r\n"
            "Content-Length: 99999999999999999999999\r\n\r\n" },
        { 400, false,
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
            "Content-Length: 4\r\n\r\n" },
        { 400, false,
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
            "Transfer-Encoding: chunked\r\n\r\n" },
        { 400, false, "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" },
        { 417, false,
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
            "Expect: 100-continue\r\n\r\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct ask_case *c = &cases[i];
        unsigned status = talk_ask(c->request);
        bool is_open = talk.conn.state == WEB_CONN_READING;

        if (status != c->status || is_open != c->is_open) {
            fail_msg("%s: %u, open %d", c->request, status, is_open);
        }
        assert_true(talk_said(
            is_open ? "Connection: keep-alive" : "Connection: close"));
        assert_int_equal(talk.counts.bad, 1);
        assert_int_equal(talk_said("Allow: GET, HEAD"), status == 405);
    }
}

static void limits(void **state)
{
    static char request[20000];
    size_t n;

    (void)state;
    n = (size_t)snprintf(request, sizeof(request), "GET /");
    memset(request + n, 'a', 5000);
    assert_int_equal(talk_ask(request), 414);

    memset(request, 0, sizeof(request));
    n = (size_t)snprintf(request, sizeof(request), "GET / HTTP/1.1\r\nX: ");
    memset(request + n, 'a', 9000);
    assert_int_equal(talk_ask(request), 431);

    memset(request, 0, sizeof(request));
    n = (size_t)snprintf(request, sizeof(request), "GET / HTTP/1.1\r\n");
    for (int i = 0; i < 120; i++) {
        n += (size_t)snprintf(request + n, sizeof(request) - n, "X: 1\r\n");
    }
    assert_int_equal(talk_ask(request), 431);

    memset(request, 0, sizeof(request));
    memset(request, '\n', 9000);
    assert_int_equal(talk_ask(request), 400);
}

static void versions_and_keep_alive(void **state)
{
    (void)state;
    assert_int_equal(talk_ask("GET / HTTP/1.0\r\n\r\n"), 200);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
    assert_int_equal(
        talk_ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 200);
    assert_int_equal(talk.conn.state, WEB_CONN_READING);
    assert_int_equal(
        talk_ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
        200);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
    assert_int_equal(talk_ask("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n"
                              "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
        200);
    assert_int_equal(talk.conn.state, WEB_CONN_READING);
}

static void drains_bodies(void **state)
{
    static const char two[] =
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"
        "GET /" TALK_GET("/style.css");
    static const char chunked[] =
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n0\r\nHost: trailer\r\n\r\n";
    static char flood[30000];

    talk_send(two, sizeof(two) - 1, SIZE_MAX);
    assert_int_equal(talk.counts.ok, 2);
    talk_open(state);
    talk_send(chunked, sizeof(chunked) - 1, 1);
    assert_int_equal(talk.counts.ok, 1);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);

    /* a chunked body without an end is cut off */
    size_t n = (size_t)snprintf(flood, sizeof(flood),
        "GET / HTTP/1.1\r\n"
        "Host: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (n + 8 < sizeof(flood)) {
        n += (size_t)snprintf(flood + n, sizeof(flood) - n, "1\r\na\r\n");
    }
    assert_int_equal(talk_ask(flood), 413);
}

#define TEST(f) cmocka_unit_test_setup(f, talk_open)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_bad_requests),
        TEST(limits),
        TEST(versions_and_keep_alive),
        TEST(drains_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
