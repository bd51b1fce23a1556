/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * response_test.c - lions/web/response: what is answered to a request.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/lions/web/talk.h"

static void serves_files(void **state)
{
    (void)state;
    assert_int_equal(talk_ask(TALK_GET("/index.html")), 200);
    assert_true(talk_said("Content-Type: text/html; charset=utf-8\r\n"));
    assert_true(talk_said("Content-Length: 300\r\n"));
    assert_true(talk_said("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    assert_true(talk_said("Connection: keep-alive\r\n"));
    assert_false(talk_said("\nDate:"));
    assert_int_equal(talk.conn.state, WEB_CONN_READING);
    assert_int_equal(talk_ask(TALK_GET("/")), 200);
    assert_true(talk_said("Content-Length: 300\r\n"));
    assert_int_equal(talk_ask(TALK_GET("/docs/")), 200);
    assert_int_equal(talk_ask(TALK_GET("/style.css")), 200);
    assert_true(talk_said("Content-Length: 0\r\n"));
    assert_int_equal(talk_ask(TALK_GET("/big.bin")), 200);
    assert_int_equal(talk_ask(TALK_GET("/a/../index.html?q=1")), 200);
    assert_int_equal(talk_ask(TALK_GET("http://h/index.html")), 200);
}

static void body_is_the_file(void **state)
{
    struct web_file file;
    const char *body;

    (void)state;
    assert_int_equal(talk_ask(TALK_GET("/big.bin")), 200);
    body = strstr(talk.output, "\r\n\r\n") + 4;
    assert_true(web_archive_find(&site_open()->files, "/big.bin", 8, &file));
    assert_int_equal(talk.output + talk.len - body, SITE_BIG);
    assert_memory_equal(body, file.data, SITE_BIG);
    assert_int_equal(talk.counts.body_bytes, SITE_BIG);
}

static void head_has_no_body(void **state)
{
    (void)state;
    assert_int_equal(
        talk_ask("HEAD /index.html HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    assert_true(talk_said("Content-Length: 300\r\n"));
    assert_string_equal(talk.output + talk.len - 4, "\r\n\r\n");
    assert_int_equal(
        talk_ask("HEAD /nothing HTTP/1.1\r\nHost: h\r\n\r\n"), 404);
    assert_string_equal(talk.output + talk.len - 4, "\r\n\r\n");
    assert_int_equal(
        talk_ask("HEAD /status.json HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    assert_true(talk_said("Content-Length: 11\r\n"));
    assert_string_equal(talk.output + talk.len - 4, "\r\n\r\n");
}

static void redirects_directories(void **state)
{
    (void)state;
    assert_int_equal(talk_ask(TALK_GET("/docs")), 301);
    assert_true(talk_said("Location: /docs/\r\n"));
    assert_int_equal(talk_ask(TALK_GET("/style.css/")), 404);
}

static void runs_routes(void **state)
{
    (void)state;
    assert_int_equal(talk_ask(TALK_GET("/status.json?x")), 200);
    assert_true(talk_said("Content-Type: application/json\r\n"));
    assert_true(talk_said("Cache-Control: no-store\r\n"));
    assert_true(talk_said("\r\n\r\n{\"ok\":true}"));
    assert_int_equal(talk_ask(TALK_GET("/huge")), 500);
    assert_int_equal(talk.conn.state, WEB_CONN_READING);
}

static void conditions(void **state)
{
    char request[300];
    char *tag;

    (void)state;
    assert_int_equal(
        talk_ask("GET / HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sun, "
                 "06 Nov 1994 08:49:37 GMT\r\n\r\n"),
        304);
    assert_false(talk_said("Content-Length"));
    assert_string_equal(talk.output + talk.len - 4, "\r\n\r\n");
    assert_int_equal(talk.counts.unchanged, 1);
    assert_int_equal(
        talk_ask("GET / HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sun, "
                 "06 Nov 1994 08:49:36 GMT\r\n\r\n"),
        200);
    assert_int_equal(talk_ask("GET / HTTP/1.1\r\nHost: h\r\n"
                              "If-Modified-Since: yesterday\r\n\r\n"),
        200);
    assert_int_equal(talk_ask("GET / HTTP/1.1\r\nHost: h\r\n"
                              "If-None-Match: *\r\n\r\n"),
        304);
    assert_int_equal(talk_ask(TALK_GET("/")), 200);
    tag = strstr(talk.output, "ETag: ") + 6;
    snprintf(request, sizeof(request),
        "GET / HTTP/1.1\r\nHost: h\r\n"
        "If-None-Match: \"0\", W/%.18s\r\n\r\n",
        tag);
    assert_int_equal(talk_ask(request), 304);
    /* the tag decides, not the date */
    assert_int_equal(
        talk_ask("GET / HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sun, "
                 "06 Nov 1994 08:49:37 GMT\r\n"
                 "If-None-Match: \"0\"\r\n\r\n"),
        200);
}

#define TEST(f) cmocka_unit_test_setup(f, talk_open)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(serves_files),
        TEST(body_is_the_file),
        TEST(head_has_no_body),
        TEST(redirects_directories),
        TEST(runs_routes),
        TEST(conditions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
