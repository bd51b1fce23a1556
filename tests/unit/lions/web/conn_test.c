/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conn_test.c - lions/web/conn: output, acknowledgements and the clock.
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
#include "tests/unit/lions/web/talk.h"

static void pipelining(void **state)
{
    static char request[8000];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 50; i++) {
        n += (size_t)snprintf(request + n, sizeof(request) - n, "%s",
            i % 3 == 0 ? TALK_GET("/status.json") : TALK_GET("/docs/"));
    }
    talk_send(request, n, SIZE_MAX);
    assert_int_equal(talk.counts.ok, 50);
    assert_int_equal(talk.conn.unacked, 0);
    talk_open(state);
    talk_send(request, n, 7);
    assert_int_equal(talk.counts.ok, 50);
}

/* No input is taken during output, nor while a rendered body is on its way. */
static void holds_back_the_peer(void **state)
{
    static const char two[] = TALK_GET("/status.json") TALK_GET("/");
    struct web_chunk chunk;
    size_t used = web_conn_receive(&talk.conn, two, sizeof(two) - 1, talk.now);

    (void)state;
    assert_int_equal(used, sizeof(TALK_GET("/status.json")) - 1);
    assert_int_equal(web_conn_receive(&talk.conn, two + used, 10, talk.now), 0);
    assert_true(web_conn_peek(&talk.conn, &chunk));
    size_t head = chunk.len;
    web_conn_sent(&talk.conn, head, talk.now);
    assert_true(web_conn_peek(&talk.conn, &chunk));
    assert_true(chunk.is_last);
    web_conn_sent(&talk.conn, chunk.len, talk.now);
    assert_false(web_conn_peek(&talk.conn, &chunk));
    assert_int_equal(web_conn_receive(&talk.conn, two + used, 10, talk.now), 0);
    web_conn_acked(&talk.conn, head, talk.now);
    assert_int_equal(talk.conn.state, WEB_CONN_SENDING);
    web_conn_acked(&talk.conn, 11, talk.now);
    assert_int_equal(talk.conn.state, WEB_CONN_READING);
    assert_int_equal(
        web_conn_receive(&talk.conn, two + used, 10, talk.now), 10);
}

/* Heads that are not acknowledged stay, and their number is bounded. */
static void heads_stay_until_acknowledged(void **state)
{
    static const char request[] = TALK_GET("/style.css");
    static const char *where[64];
    static char copy[64][WEB_HEAD_SIZE];
    struct web_chunk chunk;
    size_t count = 0;

    (void)state;
    while (web_conn_receive(
               &talk.conn, request, sizeof(request) - 1, talk.now) != 0) {
        assert_true(count < ARRAY_LEN(where));
        assert_true(web_conn_peek(&talk.conn, &chunk));
        assert_true(chunk.is_last);
        where[count] = chunk.bytes;
        memcpy(copy[count++], chunk.bytes, chunk.len);
        web_conn_sent(&talk.conn, chunk.len, talk.now);
    }
    assert_true(count > 10);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(where[i], copy[i], 100);
    }
    assert_int_equal(web_conn_tick(&talk.conn, talk.now + 1), WEB_CONN_GO_ON);
    web_conn_acked(&talk.conn, talk.conn.unacked, talk.now);
    assert_int_equal(
        web_conn_receive(&talk.conn, request, sizeof(request) - 1, talk.now),
        sizeof(request) - 1);
    assert_true(web_conn_peek(&talk.conn, &chunk));
    assert_ptr_equal(chunk.bytes, where[0]);
}

static void partial_sends(void **state)
{
    static const char request[] = TALK_GET("/big.bin");

    (void)state;
    assert_int_equal(
        web_conn_receive(&talk.conn, request, sizeof(request) - 1, talk.now),
        sizeof(request) - 1);
    talk_drain(777);
    assert_int_equal(talk.counts.body_bytes, SITE_BIG);
    assert_int_equal(talk.conn.unacked, 0);
    assert_int_equal(talk.conn.state, WEB_CONN_READING);
}

static void silent_peer_is_closed(void **state)
{
    (void)state;
    assert_int_equal(web_conn_tick(&talk.conn, talk.now + WEB_CONN_HEAD_MS - 1),
        WEB_CONN_GO_ON);
    assert_int_equal(
        web_conn_tick(&talk.conn, talk.now + WEB_CONN_HEAD_MS), WEB_CONN_CLOSE);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
}

static void idle_peer_is_closed(void **state)
{
    (void)state;
    talk_send(TALK_GET("/"), sizeof(TALK_GET("/")) - 1, SIZE_MAX);
    assert_true(web_conn_is_idle(&talk.conn, 0, talk.now));
    assert_false(web_conn_is_idle(&talk.conn, 1000, talk.now + 999));
    assert_true(web_conn_is_idle(&talk.conn, 1000, talk.now + 1000));
    assert_int_equal(web_conn_tick(&talk.conn, talk.now + WEB_CONN_IDLE_MS - 1),
        WEB_CONN_GO_ON);
    assert_int_equal(
        web_conn_tick(&talk.conn, talk.now + WEB_CONN_IDLE_MS), WEB_CONN_CLOSE);
    assert_int_equal(talk.counts.timeouts, 0);
}

/* The last bytes must be acknowledged before the memory is used again. */
static void end_waits_for_acknowledgement(void **state)
{
    static const char request[] = "GET /style.css HTTP/1.0\r\n\r\n";
    struct web_chunk chunk;

    (void)state;
    (void)web_conn_receive(&talk.conn, request, sizeof(request) - 1, talk.now);
    assert_true(web_conn_peek(&talk.conn, &chunk));
    web_conn_sent(&talk.conn, chunk.len, talk.now);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
    assert_false(web_conn_peek(&talk.conn, &chunk));
    assert_int_equal(web_conn_tick(&talk.conn, talk.now), WEB_CONN_GO_ON);
    web_conn_acked(&talk.conn, talk.conn.unacked - 1, talk.now);
    assert_int_equal(web_conn_tick(&talk.conn, talk.now + WEB_CONN_SEND_MS - 1),
        WEB_CONN_GO_ON);
    assert_int_equal(
        web_conn_tick(&talk.conn, talk.now + WEB_CONN_SEND_MS), WEB_CONN_ABORT);
    web_conn_acked(&talk.conn, 1, talk.now);
    assert_int_equal(web_conn_tick(&talk.conn, talk.now), WEB_CONN_CLOSE);
}

/* One byte every second gains nothing: the whole head has one deadline. */
static void slow_head_is_timed_out(void **state)
{
    static const char head[] = "GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaa";
    enum web_conn_verdict verdict = WEB_CONN_GO_ON;
    size_t i = 0;

    (void)state;
    while (verdict == WEB_CONN_GO_ON) {
        assert_int_equal(
            web_conn_receive(&talk.conn, &head[i++], 1, talk.now), 1);
        talk.now += 1000;
        verdict = web_conn_tick(&talk.conn, talk.now);
    }
    assert_int_equal(i, 10);
    assert_int_equal(verdict, WEB_CONN_OUTPUT);
    talk_drain(SIZE_MAX);
    assert_int_equal(talk_status(talk.output), 408);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
    assert_int_equal(talk.counts.timeouts, 1);
}

/* A reader who takes a byte now and then is cut off. */
static void slow_reader_is_aborted(void **state)
{
    static const char request[] = TALK_GET("/big.bin");
    enum web_conn_verdict verdict = WEB_CONN_GO_ON;
    unsigned seconds = 0;

    (void)state;
    (void)web_conn_receive(&talk.conn, request, sizeof(request) - 1, talk.now);
    while (verdict == WEB_CONN_GO_ON) {
        web_conn_sent(&talk.conn, 1, talk.now);
        web_conn_acked(&talk.conn, 1, talk.now);
        talk.now += 1000;
        seconds++;
        verdict = web_conn_tick(&talk.conn, talk.now);
    }
    assert_int_equal(verdict, WEB_CONN_ABORT);
    assert_int_equal(seconds, 10);
    assert_int_equal(talk.counts.timeouts, 1);
}

static void steady_reader_is_served(void **state)
{
    static const char request[] = TALK_GET("/big.bin");

    (void)state;
    (void)web_conn_receive(&talk.conn, request, sizeof(request) - 1, talk.now);
    while (talk.conn.state == WEB_CONN_SENDING) {
        struct web_chunk chunk;

        assert_true(web_conn_peek(&talk.conn, &chunk));
        size_t n = chunk.len < 1000 ? chunk.len : 1000;
        web_conn_sent(&talk.conn, n, talk.now);
        web_conn_acked(&talk.conn, n, talk.now);
        talk.now += 1000;
        assert_int_equal(web_conn_tick(&talk.conn, talk.now), WEB_CONN_GO_ON);
    }
    assert_int_equal(talk.counts.ok, 1);
}

static void end_of_input(void **state)
{
    static const char request[] = TALK_GET("/docs/");

    web_conn_finish(&talk.conn, talk.now);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
    assert_int_equal(talk.counts.aborted, 0);

    talk_open(state);
    (void)web_conn_receive(&talk.conn, request, 10, talk.now);
    web_conn_finish(&talk.conn, talk.now);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
    assert_int_equal(talk.counts.aborted, 1);

    talk_open(state);
    (void)web_conn_receive(&talk.conn, request, sizeof(request) - 1, talk.now);
    web_conn_finish(&talk.conn, talk.now);
    talk_drain(SIZE_MAX);
    assert_int_equal(talk_status(talk.output), 200);
    assert_int_equal(talk.conn.state, WEB_CONN_ENDED);
    /* what comes after the end is swallowed */
    assert_int_equal(web_conn_receive(&talk.conn, request, 10, talk.now), 10);
}

#define TEST(f) cmocka_unit_test_setup(f, talk_open)

int main(void)
{
    const struct CMUnitTest tests[] = {
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
