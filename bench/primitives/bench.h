/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.h - what the measuring PDs share: channel ids, printing of results.
 *
 * Shape     results are lines "BENCH name operations instructions" on the UART,
 *           which the reporting PD maps itself, so that configurations without
 *           debug output can be measured.
 * Units     ticks of bench_now(): guest instructions.
 * Source    bench/README.md.
 */
#pragma once

#include <bench_arch.h>
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

/** Prints one result on the PL011 at `uart`. */
void bench_report(
    uintptr_t uart, const char *name, uint64_t operations, uint64_t ticks);
