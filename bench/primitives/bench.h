/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.h - what the measuring PDs share: channel ids, a clock, a voice.
 *
 * Shape     results are lines "BENCH name operations instructions" on the UART,
 *           which the reporting PD maps itself, so that configurations without
 *           debug output can be measured.
 * Units     ticks of the virtual counter: one guest instruction each under
 *           `-icount shift=0` with cntfrq=1000000000.
 * Source    bench/README.md.
 */
#pragma once

#include <microkit.h>
#include <stdint.h>

/* Channels of the runner. */
enum {
    BENCH_PASSIVE = 0, /* passive server, called */
    BENCH_ACTIVE = 1,  /* active server, called */
    BENCH_HIGH = 2,    /* higher priority, notified */
    BENCH_PONG = 3,    /* higher priority, notifies back */
    BENCH_SINK = 16,   /* 16..47: lower priority, notified on each */
    BENCH_SINK_COUNT = 32,
};

/* Instructions so far. */
static inline uint64_t bench_now(void)
{
    uint64_t now;

    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(now)::"memory");
    return now;
}

/** Prints one result on the PL011 at `uart`. */
void bench_report(
    uintptr_t uart, const char *name, uint64_t operations, uint64_t ticks);
