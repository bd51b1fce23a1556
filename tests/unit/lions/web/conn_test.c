/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conn_test.c - lions/web: requests in, responses out, and the clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "lions/web/conn.h"
#include "tests/unit/lions/web/site.h"

static struct web_conn conn;
static struct web_counts counts;
static char output[4 * SITE_BIG];
static size_t output_len;
static uint64_t now;

static int open_conn(void **state)
{
    (void)state;
    memset(&counts, 0, sizeof(counts));
    memset(&conn, 0xa5, sizeof(conn));
    now = 1000;
    output_len = 0;
    web_conn_open(&conn, site_open(), &counts, now);
    return 0;
}

/* Takes all output, at most `step` bytes at a time, and acknowledges it. */
static void drain(size_t step)
{
    struct web_chunk chunk;

    while (web_conn_peek(&conn, &chunk)) {
        size_t n = chunk.len < step ? chunk.len : step;

        assert_true(n > 0);
        assert_true(n <= sizeof(output) - 1 - output_len);
        memcpy(output + output_len, chunk.bytes, n);
        output_len += n;
        web_conn_sent(&conn, n, now);
        web_conn_acked(&conn, n, now);
    }
    output[output_len] = '\0';
}

/* Sends bytes in pieces of `step` and collects what comes back. */
static void talk(const char *data, size_t len, size_t step)
{
    size_t at = 0;

    output_len = 0;
    while (at < len && conn.state != WEB_CONN_ENDED) {
        size_t n = len - at < step ? len - at : step;

        at += web_conn_receive(&conn, data + at, n, now);
        drain(sizeof(output));
    }
    output[output_len] = '\0';
}

static unsigned status_of(const char *text)
{
    unsigned status = 0;

    assert_int_equal(sscanf(text, "HTTP/1.1 %u ", &status), 1);
    return status;
}

/* One request on a fresh connection, whole and in single bytes. */
static unsigned ask(const char *request)
{
    void *none = NULL;

    open_conn(&none);
    talk(request, strlen(request), 1);
    size_t len = output_len;
    open_conn(&none);
    talk(request, strlen(request), SIZE_MAX);
    assert_int_equal(len, output_len);
    assert_int_equal(counts.requests, 1);
    return status_of(output);
}

static bool said(const char *text)
{
    return strstr(output, text) != NULL;
}

#define GET(target) "GET " target " HTTP/1.1\r\nHost: h\r\n\r\n"

static void serves_files(void **state)
{
    (void)state;
    assert_int_equal(ask(GET("/index.html")), 200);
    assert_true(said("Content-Type: text/html; charset=utf-8\r\n"));
    assert_true(said("Content-Length: 300\r\n"));
    assert_true(said("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    assert_true(said("Connection: keep-alive\r\n"));
    assert_false(said("\nDate:"));
    assert_int_equal(conn.state, WEB_CONN_READING);
    assert_int_equal(ask(GET("/")), 200);
    assert_true(said("Content-Length: 300\r\n"));
    assert_int_equal(ask(GET("/docs/")), 200);
    assert_int_equal(ask(GET("/style.css")), 200);
    assert_true(said("Content-Length: 0\r\n"));
    assert_int_equal(ask(GET("/big.bin")), 200);
    assert_int_equal(ask(GET("/a/../index.html?q=1")), 200);
    assert_int_equal(ask(GET("http://h/index.html")), 200);
}

static void body_is_the_file(void **state)
{
    struct web_file file;
    const char *body;

    (void)state;
    assert_int_equal(ask(GET("/big.bin")), 200);
    body = strstr(output, "\r\n\r\n") + 4;
    assert_true(web_archive_find(&site_open()->files, "/big.bin", 8, &file));
    assert_int_equal(output + output_len - body, SITE_BIG);
    assert_memory_equal(body, file.data, SITE_BIG);
    assert_int_equal(counts.body_bytes, SITE_BIG);
}

static void head_has_no_body(void **state)
{
    (void)state;
    assert_int_equal(ask("HEAD /index.html HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    assert_true(said("Content-Length: 300\r\n"));
    assert_string_equal(output + output_len - 4, "\r\n\r\n");
    assert_int_equal(ask("HEAD /nothing HTTP/1.1\r\nHost: h\r\n\r\n"), 404);
    assert_string_equal(output + output_len - 4, "\r\n\r\n");
    assert_int_equal(ask("HEAD /status.json HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    assert_true(said("Content-Length: 11\r\n"));
    assert_string_equal(output + output_len - 4, "\r\n\r\n");
}

static void redirects_directories(void **state)
{
    (void)state;
    assert_int_equal(ask(GET("/docs")), 301);
    assert_true(said("Location: /docs/\r\n"));
    assert_int_equal(ask(GET("/style.css/")), 404);
}

static void runs_routes(void **state)
{
    (void)state;
    assert_int_equal(ask(GET("/status.json?x")), 200);
    assert_true(said("Content-Type: application/json\r\n"));
    assert_true(said("Cache-Control: no-store\r\n"));
    assert_true(said("\r\n\r\n{\"ok\":true}"));
    assert_int_equal(ask(GET("/huge")), 500);
    assert_int_equal(conn.state, WEB_CONN_READING);
}

static void conditions(void **state)
{
    char request[300];
    char *tag;

    (void)state;
    assert_int_equal(ask("GET / HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sun, "
                         "06 Nov 1994 08:49:37 GMT\r\n\r\n"),
        304);
    assert_false(said("Content-Length"));
    assert_string_equal(output + output_len - 4, "\r\n\r\n");
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(ask("GET / HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sun, "
                         "06 Nov 1994 08:49:36 GMT\r\n\r\n"),
        200);
    assert_int_equal(ask("GET / HTTP/1.1\r\nHost: h\r\n"
                         "If-Modified-Since: yesterday\r\n\r\n"),
        200);
    assert_int_equal(ask("GET / HTTP/1.1\r\nHost: h\r\n"
                         "If-None-Match: *\r\n\r\n"),
        304);
    assert_int_equal(ask(GET("/")), 200);
    tag = strstr(output, "ETag: ") + 6;
    snprintf(request, sizeof(request),
        "GET / HTTP/1.1\r\nHost: h\r\n"
        "If-None-Match: \"0\", W/%.18s\r\n\r\n",
        tag);
    assert_int_equal(ask(request), 304);
    /* the tag decides, not the date */
    assert_int_equal(ask("GET / HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sun, "
                         "06 Nov 1994 08:49:37 GMT\r\n"
                         "If-None-Match: \"0\"\r\n\r\n"),
        200);
}

struct ask_case {
    unsigned status;
    bool is_open; /* does the connection live on? */
    const char *request;
};

#define LONG_40 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void answers_bad_requests(void **state)
{
    static const struct ask_case cases[] = {
        { 404, true, GET("/nothing") },
        { 404, true, GET("/docs/nothing/") },
        { 400, true, GET("/../etc/passwd") },
        { 400, true, GET("/%00") },
        { 400, true, GET("/%zz") },
        { 400, true, GET("*") },
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
        unsigned status = ask(c->request);
        bool is_open = conn.state == WEB_CONN_READING;

        if (status != c->status || is_open != c->is_open) {
            fail_msg("%s: %u, open %d", c->request, status, is_open);
        }
        assert_true(
            said(is_open ? "Connection: keep-alive" : "Connection: close"));
        assert_int_equal(counts.bad, 1);
        assert_int_equal(said("Allow: GET, HEAD"), status == 405);
    }
}

static void limits(void **state)
{
    static char request[20000];
    size_t n;

    (void)state;
    n = (size_t)snprintf(request, sizeof(request), "GET /");
    memset(request + n, 'a', 5000);
    assert_int_equal(ask(request), 414);

    memset(request, 0, sizeof(request));
    n = (size_t)snprintf(request, sizeof(request), "GET / HTTP/1.1\r\nX: ");
    memset(request + n, 'a', 9000);
    assert_int_equal(ask(request), 431);

    memset(request, 0, sizeof(request));
    n = (size_t)snprintf(request, sizeof(request), "GET / HTTP/1.1\r\n");
    for (int i = 0; i < 120; i++) {
        n += (size_t)snprintf(request + n, sizeof(request) - n, "X: 1\r\n");
    }
    assert_int_equal(ask(request), 431);

    memset(request, 0, sizeof(request));
    memset(request, '\n', 9000);
    assert_int_equal(ask(request), 400);
}

static void versions_and_keep_alive(void **state)
{
    (void)state;
    assert_int_equal(ask("GET / HTTP/1.0\r\n\r\n"), 200);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
    assert_int_equal(
        ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), 200);
    assert_int_equal(conn.state, WEB_CONN_READING);
    assert_int_equal(
        ask("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), 200);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
    assert_int_equal(ask("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n"
                         "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
        200);
    assert_int_equal(conn.state, WEB_CONN_READING);
}

static void drains_bodies(void **state)
{
    static const char two[] =
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"
        "GET /" GET("/style.css");
    static const char chunked[] =
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n0\r\nHost: trailer\r\n\r\n";
    static char flood[30000];

    talk(two, sizeof(two) - 1, SIZE_MAX);
    assert_int_equal(counts.ok, 2);
    open_conn(state);
    talk(chunked, sizeof(chunked) - 1, 1);
    assert_int_equal(counts.ok, 1);
    assert_int_equal(conn.state, WEB_CONN_ENDED);

    /* a chunked body without an end is cut off */
    size_t n = (size_t)snprintf(flood, sizeof(flood),
        "GET / HTTP/1.1\r\n"
        "Host: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (n + 8 < sizeof(flood)) {
        n += (size_t)snprintf(flood + n, sizeof(flood) - n, "1\r\na\r\n");
    }
    assert_int_equal(ask(flood), 413);
}

static void pipelining(void **state)
{
    static char request[8000];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 50; i++) {
        n += (size_t)snprintf(request + n, sizeof(request) - n, "%s",
            i % 3 == 0 ? GET("/status.json") : GET("/docs/"));
    }
    talk(request, n, SIZE_MAX);
    assert_int_equal(counts.ok, 50);
    assert_int_equal(conn.unacked, 0);
    open_conn(state);
    talk(request, n, 7);
    assert_int_equal(counts.ok, 50);
}

/* No input is taken during output, nor while a rendered body is on its way. */
static void holds_back_the_peer(void **state)
{
    static const char two[] = GET("/status.json") GET("/");
    struct web_chunk chunk;
    size_t used = web_conn_receive(&conn, two, sizeof(two) - 1, now);

    (void)state;
    assert_int_equal(used, sizeof(GET("/status.json")) - 1);
    assert_int_equal(web_conn_receive(&conn, two + used, 10, now), 0);
    assert_true(web_conn_peek(&conn, &chunk));
    size_t head = chunk.len;
    web_conn_sent(&conn, head, now);
    assert_true(web_conn_peek(&conn, &chunk));
    assert_true(chunk.is_last);
    web_conn_sent(&conn, chunk.len, now);
    assert_false(web_conn_peek(&conn, &chunk));
    assert_int_equal(web_conn_receive(&conn, two + used, 10, now), 0);
    web_conn_acked(&conn, head, now);
    assert_int_equal(conn.state, WEB_CONN_SENDING);
    web_conn_acked(&conn, 11, now);
    assert_int_equal(conn.state, WEB_CONN_READING);
    assert_int_equal(web_conn_receive(&conn, two + used, 10, now), 10);
}

/* Heads that are not acknowledged stay, and their number is bounded. */
static void heads_stay_until_acknowledged(void **state)
{
    static const char request[] = GET("/style.css");
    static const char *where[64];
    static char copy[64][WEB_HEAD_SIZE];
    struct web_chunk chunk;
    size_t count = 0;

    (void)state;
    while (web_conn_receive(&conn, request, sizeof(request) - 1, now) != 0) {
        assert_true(count < ARRAY_LEN(where));
        assert_true(web_conn_peek(&conn, &chunk));
        assert_true(chunk.is_last);
        where[count] = chunk.bytes;
        memcpy(copy[count++], chunk.bytes, chunk.len);
        web_conn_sent(&conn, chunk.len, now);
    }
    assert_true(count > 10);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(where[i], copy[i], 100);
    }
    assert_int_equal(web_conn_tick(&conn, now + 1), WEB_CONN_GO_ON);
    web_conn_acked(&conn, conn.unacked, now);
    assert_int_equal(web_conn_receive(&conn, request, sizeof(request) - 1, now),
        sizeof(request) - 1);
    assert_true(web_conn_peek(&conn, &chunk));
    assert_ptr_equal(chunk.bytes, where[0]);
}

static void partial_sends(void **state)
{
    static const char request[] = GET("/big.bin");

    (void)state;
    assert_int_equal(web_conn_receive(&conn, request, sizeof(request) - 1, now),
        sizeof(request) - 1);
    drain(777);
    assert_int_equal(counts.body_bytes, SITE_BIG);
    assert_int_equal(conn.unacked, 0);
    assert_int_equal(conn.state, WEB_CONN_READING);
}

static void silent_peer_is_closed(void **state)
{
    (void)state;
    assert_int_equal(
        web_conn_tick(&conn, now + WEB_CONN_HEAD_MS - 1), WEB_CONN_GO_ON);
    assert_int_equal(
        web_conn_tick(&conn, now + WEB_CONN_HEAD_MS), WEB_CONN_CLOSE);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
}

static void idle_peer_is_closed(void **state)
{
    (void)state;
    talk(GET("/"), sizeof(GET("/")) - 1, SIZE_MAX);
    assert_true(web_conn_is_idle(&conn, 0, now));
    assert_false(web_conn_is_idle(&conn, 1000, now + 999));
    assert_true(web_conn_is_idle(&conn, 1000, now + 1000));
    assert_int_equal(
        web_conn_tick(&conn, now + WEB_CONN_IDLE_MS - 1), WEB_CONN_GO_ON);
    assert_int_equal(
        web_conn_tick(&conn, now + WEB_CONN_IDLE_MS), WEB_CONN_CLOSE);
    assert_int_equal(counts.timeouts, 0);
}

/* The last bytes must be acknowledged before the memory is used again. */
static void end_waits_for_acknowledgement(void **state)
{
    static const char request[] = "GET /style.css HTTP/1.0\r\n\r\n";
    struct web_chunk chunk;

    (void)state;
    (void)web_conn_receive(&conn, request, sizeof(request) - 1, now);
    assert_true(web_conn_peek(&conn, &chunk));
    web_conn_sent(&conn, chunk.len, now);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
    assert_false(web_conn_peek(&conn, &chunk));
    assert_int_equal(web_conn_tick(&conn, now), WEB_CONN_GO_ON);
    web_conn_acked(&conn, conn.unacked - 1, now);
    assert_int_equal(
        web_conn_tick(&conn, now + WEB_CONN_SEND_MS - 1), WEB_CONN_GO_ON);
    assert_int_equal(
        web_conn_tick(&conn, now + WEB_CONN_SEND_MS), WEB_CONN_ABORT);
    web_conn_acked(&conn, 1, now);
    assert_int_equal(web_conn_tick(&conn, now), WEB_CONN_CLOSE);
}

/* One byte every second gains nothing: the whole head has one deadline. */
static void slow_head_is_timed_out(void **state)
{
    static const char head[] = "GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaa";
    enum web_conn_verdict verdict = WEB_CONN_GO_ON;
    size_t i = 0;

    (void)state;
    while (verdict == WEB_CONN_GO_ON) {
        assert_int_equal(web_conn_receive(&conn, &head[i++], 1, now), 1);
        now += 1000;
        verdict = web_conn_tick(&conn, now);
    }
    assert_int_equal(i, 10);
    assert_int_equal(verdict, WEB_CONN_OUTPUT);
    drain(SIZE_MAX);
    assert_int_equal(status_of(output), 408);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
    assert_int_equal(counts.timeouts, 1);
}

/* A reader who takes a byte now and then is cut off. */
static void slow_reader_is_aborted(void **state)
{
    static const char request[] = GET("/big.bin");
    enum web_conn_verdict verdict = WEB_CONN_GO_ON;
    unsigned seconds = 0;

    (void)state;
    (void)web_conn_receive(&conn, request, sizeof(request) - 1, now);
    while (verdict == WEB_CONN_GO_ON) {
        web_conn_sent(&conn, 1, now);
        web_conn_acked(&conn, 1, now);
        now += 1000;
        seconds++;
        verdict = web_conn_tick(&conn, now);
    }
    assert_int_equal(verdict, WEB_CONN_ABORT);
    assert_int_equal(seconds, 10);
    assert_int_equal(counts.timeouts, 1);
}

static void steady_reader_is_served(void **state)
{
    static const char request[] = GET("/big.bin");

    (void)state;
    (void)web_conn_receive(&conn, request, sizeof(request) - 1, now);
    while (conn.state == WEB_CONN_SENDING) {
        struct web_chunk chunk;

        assert_true(web_conn_peek(&conn, &chunk));
        size_t n = chunk.len < 1000 ? chunk.len : 1000;
        web_conn_sent(&conn, n, now);
        web_conn_acked(&conn, n, now);
        now += 1000;
        assert_int_equal(web_conn_tick(&conn, now), WEB_CONN_GO_ON);
    }
    assert_int_equal(counts.ok, 1);
}

static void end_of_input(void **state)
{
    static const char request[] = GET("/docs/");

    web_conn_finish(&conn, now);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
    assert_int_equal(counts.aborted, 0);

    open_conn(state);
    (void)web_conn_receive(&conn, request, 10, now);
    web_conn_finish(&conn, now);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
    assert_int_equal(counts.aborted, 1);

    open_conn(state);
    (void)web_conn_receive(&conn, request, sizeof(request) - 1, now);
    web_conn_finish(&conn, now);
    drain(SIZE_MAX);
    assert_int_equal(status_of(output), 200);
    assert_int_equal(conn.state, WEB_CONN_ENDED);
    /* what comes after the end is swallowed */
    assert_int_equal(web_conn_receive(&conn, request, 10, now), 10);
}

#define TEST(f) cmocka_unit_test_setup(f, open_conn)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(serves_files),
        TEST(body_is_the_file),
        TEST(head_has_no_body),
        TEST(redirects_directories),
        TEST(runs_routes),
        TEST(conditions),
        TEST(answers_bad_requests),
        TEST(limits),
        TEST(versions_and_keep_alive),
        TEST(drains_bodies),
        TEST(pipelining),
        TEST(holds_back_the_peer),
        TEST(heads_stay_until_acknowledged),
        TEST(partial_sends),
        TEST(silent_peer_is_closed),
        TEST(idle_peer_is_closed),
        TEST(end_waits_for_acknowledgement),
        TEST(slow_head_is_timed_out),
        TEST(slow_reader_is_aborted),
        TEST(steady_reader_is_served),
        TEST(end_of_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
