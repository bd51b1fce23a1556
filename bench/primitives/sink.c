/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sink.c - receives distinct notifications from a higher priority, notes when
 * the last of a batch arrived and says so.  A batch is complete when the library
 * has dispatched every bit: then this PD, the lowest, runs its own notification.
 */
#include "bench/primitives/bench.h"

volatile uint64_t *sink_time; /* setvar */

static uint32_t received;

void init(void)
{
}

void notified(microkit_channel channel)
{
    /* ids come lowest first: the last one of a batch notes the time last */
    *sink_time = bench_now();
    received++;
    if (received == 1 || channel == BENCH_SINK + BENCH_SINK_COUNT - 1) {
        microkit_notify(BENCH_SINK);
    }
}
