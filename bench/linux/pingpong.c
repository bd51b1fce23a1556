/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pingpong.c - round trips between two processes by a pair of eventfds, the
 * cheapest way that Linux offers.  Counted by the process that begins; prints
 * "BENCH linux_eventfd_pingpong operations instructions".
 */
#include <bench_arch.h>

#include "bench/linux/sys.h"

#define WARM_UP    1000u
#define OPERATIONS 10000u
#define ROUNDS     5u /* the best one counts: others have more clock ticks */

static uint64_t new_eventfd(void)
{
    int64_t fd = sys_call(SYS_EVENTFD2, 0, 0, 0, 0, 0, 0);

    if (fd < 0) {
        sys_exit(1);
    }
    return (uint64_t)fd;
}

static void signal_it(uint64_t fd)
{
    uint64_t one = 1;

    (void)sys_call(SYS_WRITE, fd, (uint64_t)&one, sizeof(one), 0, 0, 0);
}

static void await(uint64_t fd)
{
    uint64_t value;

    (void)sys_call(SYS_READ, fd, (uint64_t)&value, sizeof(value), 0, 0, 0);
}

static void round_trips(uint64_t ping, uint64_t pong, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        signal_it(ping);
        await(pong);
    }
}

/* Ticks of one round. */
static uint64_t measure(uint64_t ping, uint64_t pong)
{
    mark_begin();
    uint64_t begin = bench_now();
    round_trips(ping, pong, OPERATIONS);
    uint64_t ticks = bench_now() - begin;
    mark_end();
    return ticks;
}

static uint32_t put_text(char *to, const char *text)
{
    uint32_t n = 0;

    for (; text[n] != '\0'; n++) {
        to[n] = text[n];
    }
    return n;
}

static uint32_t put_number(char *to, uint64_t value)
{
    char digits[20];
    uint32_t n = 0;

    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (uint32_t i = 0; i < n; i++) {
        to[i] = digits[n - 1 - i];
    }
    return n;
}

static void report(uint64_t ticks)
{
    char line[80];
    uint32_t n = put_text(line, "BENCH linux_eventfd_pingpong ");

    n += put_number(line + n, OPERATIONS);
    line[n++] = ' ';
    n += put_number(line + n, ticks);
    line[n++] = '\n';
    (void)sys_call(SYS_WRITE, 1, (uint64_t)line, n, 0, 0, 0);
}

void _start(void);

void _start(void)
{
    uint64_t ping = new_eventfd();
    uint64_t pong = new_eventfd();
    int64_t child = sys_call(SYS_CLONE, SIGCHLD, 0, 0, 0, 0, 0);

    if (child == 0) {
        for (uint32_t i = 0; i < WARM_UP + ROUNDS * OPERATIONS; i++) {
            await(ping);
            signal_it(pong);
        }
        sys_exit(0);
    }
    round_trips(ping, pong, WARM_UP);
    uint64_t best = UINT64_MAX;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint64_t ticks = measure(ping, pong);
        best = ticks < best ? ticks : best;
    }
    report(best);
    sys_exit(0);
}
