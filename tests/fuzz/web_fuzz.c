/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * web_fuzz.c - throw mutated requests at an HTTP connection.
 *
 *     web_fuzz [SEED [ROUNDS]]
 *
 * Fixed seeds give the same run each time.  What must hold, whatever comes:
 * no sanitizer report, every input byte is taken in the end, every connection
 * either waits for input or has ended, every response begins with a status
 * line and has the length that it announces.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "lions/web/conn.h"
#include "tests/unit/lions/web/site.h"

static const char *const words[] = {
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "HEAD /docs HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"a\", *\r\n\r\n",
    "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\nabcdefghijkl",
    "GET /status.json HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "GET /a/../%2e%2e/b?c HTTP/1.1\r\nHost: h:80\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nabcde\r\n0\r\n\r\n",
    "GET http://h/big.bin HTTP/1.1\r\nHost: h\r\nIf-Modified-Since: Sun, "
    "06 Nov 1994 08:49:37 GMT\r\n\r\n",
    "\r\n",
    " ",
    "\n",
    ":",
    "/",
    "%",
    "HTTP/1.1",
    "Content-Length: 0\r\n",
    "Expect: 100-continue\r\n",
    "Transfer-Encoding: gzip\r\n",
    "\r\n\r\n",
};

static uint64_t random_state;

/* xorshift64*: the same numbers on every machine. */
static uint32_t random_below(uint32_t limit)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 33) %
           limit;
}

static size_t make_input(char *out, size_t size)
{
    size_t len = 0;
    uint32_t pieces = 1 + random_below(8);

    for (uint32_t i = 0; i < pieces; i++) {
        const char *word = words[random_below(ARRAY_LEN(words))];
        size_t n = strlen(word);
        if (n <= size - len) {
            memcpy(out + len, word, n);
            len += n;
        }
    }
    uint32_t changes = random_below(4);
    for (uint32_t i = 0; i < changes && len > 0; i++) {
        size_t at = random_below((uint32_t)len);
        switch (random_below(4)) {
        case 0:
            out[at] = (char)random_below(256);
            break;
        case 1:
            out[at] = (char)(out[at] ^ (1 << random_below(7)));
            break;
        case 2:
            memmove(out + at, out + at + 1, len - at - 1);
            len--;
            break;
        default:
            len = at;
            break;
        }
    }
    return len;
}

static void require(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "web_fuzz: broken: %s\n", what);
        abort();
    }
}

/* Takes the output of one response; the connection is SENDING. */
static void take_response(struct web_conn *c, uint64_t now)
{
    struct web_chunk chunk;
    size_t total = 0;

    require(web_conn_peek(c, &chunk), "a response has output");
    require(chunk.len >= 15 && memcmp(chunk.bytes, "HTTP/1.1 ", 9) == 0,
        "a response begins with a status line");
    size_t expected = c->response.head_len + c->response.body_len;
    while (c->state == WEB_CONN_SENDING && web_conn_peek(c, &chunk)) {
        size_t n = 1 + random_below((uint32_t)chunk.len);
        total += n;
        web_conn_sent(c, n, now);
        if (random_below(2) == 0) {
            web_conn_acked(c, n, now);
        }
    }
    require(total == expected, "a response has its length");
    if (c->state == WEB_CONN_SENDING || random_below(2) == 0) {
        web_conn_acked(c, c->unacked, now);
    }
    require(c->state != WEB_CONN_SENDING, "a response ends");
}

static void run_one(const struct web_site *site, struct web_counts *counts)
{
    static struct web_conn conn;
    char *input = malloc(4096);
    uint64_t now = 1;

    require(input != NULL, "memory");
    size_t len = make_input(input, 4096);
    char *exact = malloc(len + 1); /* so that ASan sees reads past the end */
    require(exact != NULL, "memory");
    memcpy(exact, input, len);
    free(input);

    web_conn_open(&conn, site, counts, now);
    for (size_t at = 0; at < len;) {
        size_t n = 1 + random_below((uint32_t)(len - at));
        size_t used = web_conn_receive(&conn, exact + at, n, now);
        require(used <= n, "no more is used than is there");
        if (used == 0 && conn.state == WEB_CONN_READING) {
            web_conn_acked(&conn, conn.unacked, now);
            continue; /* heads on their way were in the way */
        }
        require(used > 0 || conn.state == WEB_CONN_SENDING, "progress");
        at += used;
        if (conn.state == WEB_CONN_SENDING) {
            take_response(&conn, now);
        }
        now += random_below(3000);
        if (web_conn_tick(&conn, now) == WEB_CONN_OUTPUT) {
            take_response(&conn, now);
        }
    }
    web_conn_finish(&conn, now);
    require(conn.state == WEB_CONN_ENDED, "the end of input is the end");
    free(exact);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 0) : 100000;
    struct web_counts counts = { 0 };
    const struct web_site *site = site_open();

    random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (uint64_t i = 0; i < rounds; i++) {
        run_one(site, &counts);
    }
    fprintf(stderr, "web_fuzz: seed %llu: %llu requests, %llu ok, %llu bad\n",
        (unsigned long long)seed, (unsigned long long)counts.requests,
        (unsigned long long)counts.ok, (unsigned long long)counts.bad);
    require(counts.ok > rounds / 10 && counts.bad > rounds / 10,
        "the mutations reach both good and bad requests");
    printf(
        "1..1\nok 1 - %llu mutated connections\n", (unsigned long long)rounds);
    return 0;
}
