/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * runner.c - measures calls and notifications from the PD that makes them.
 *
 * Each figure is a loop of OPERATIONS, loop and library included, as in the
 * recorded figures it is printed beside.  Order: calls and notifications to
 * higher priorities inside init(); then, from the event loop, the ping-pong;
 * then distinct notifications to a lower priority, few and many: their
 * difference is the cost of one more notification, its delivery included.
 */
#include "base/attr.h"
#include "bench/primitives/bench.h"

#define OPERATIONS 10000u
#define WARM_UP    100u
#define FEW        1u

uintptr_t uart;               /* setvar */
volatile uint64_t *sink_time; /* setvar: when the sink had received all */

static struct {
    uint32_t rounds;
    uint64_t begin;
    uint64_t few;
} runner;

/* Opens the plugin's window, then starts the ticks that are reported: the
 * plugin sees the whole loop. */
static uint64_t begin_window(void)
{
    mark_begin();
    return bench_now();
}

static uint64_t end_window(uint64_t begin)
{
    uint64_t ticks = bench_now() - begin;

    mark_end();
    return ticks;
}

/* Inline, so that words and indices are constants, as they are in a program that
 * calls a certain server. */
ALWAYS_INLINE void call(
    microkit_channel channel, uint16_t words, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++) {
        for (uint16_t w = 0; w < words; w++) {
            microkit_mr_set((seL4_Uint8)w, w);
        }
        microkit_ppcall(channel, microkit_msginfo_new(0, words));
    }
}

ALWAYS_INLINE void measure_call(
    const char *name, microkit_channel channel, uint16_t words)
{
    call(channel, words, WARM_UP);
    uint64_t begin = begin_window();
    call(channel, words, OPERATIONS);
    bench_report(uart, name, OPERATIONS, end_window(begin));
}

static void measure_notify_higher(void)
{
    uint64_t begin = 0;

    for (uint32_t i = 0; i < WARM_UP + OPERATIONS; i++) {
        if (i == WARM_UP) {
            begin = begin_window();
        }
        microkit_notify(BENCH_HIGH);
    }
    bench_report(uart, "notify_higher", OPERATIONS, end_window(begin));
}

static void notify_sink(uint32_t count)
{
    runner.begin = begin_window();
    for (uint32_t i = 0; i < count; i++) {
        microkit_notify(BENCH_SINK + i);
    }
}

void init(void)
{
    measure_call("ppc_passive_0w", BENCH_PASSIVE, 0);
    measure_call("ppc_passive_4w", BENCH_PASSIVE, 4);
    measure_call("ppc_passive_8w", BENCH_PASSIVE, 8);
    measure_call("ppc_active_0w", BENCH_ACTIVE, 0);
    measure_notify_higher();
    microkit_notify(BENCH_PONG);
}

static void pong(void)
{
    runner.rounds++;
    if (runner.rounds == WARM_UP) {
        runner.begin = begin_window();
    }
    if (runner.rounds < WARM_UP + OPERATIONS) {
        microkit_notify(BENCH_PONG);
        return;
    }
    bench_report(uart, "pingpong", OPERATIONS, end_window(runner.begin));
    notify_sink(FEW);
}

/* The sink has received everything and noted the time. */
static void sink_done(void)
{
    uint64_t ticks = *sink_time - runner.begin;

    mark_end();
    if (runner.few == 0) {
        runner.few = ticks;
        notify_sink(BENCH_SINK_COUNT);
        return;
    }
    bench_report(
        uart, "notify_noswitch", BENCH_SINK_COUNT - FEW, ticks - runner.few);
    bench_report(uart, "end", 1, 0);
}

void notified(microkit_channel channel)
{
    if (channel == BENCH_PONG) {
        pong();
    } else if (channel == BENCH_SINK) {
        sink_done();
    }
}
