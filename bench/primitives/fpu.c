/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fpu.c - protected procedure calls of a caller that uses the FPU, to a server that does
 * not and to one that does: there the owner of the FPU changes twice per call.
 */
#include "bench/primitives/bench.h"

#define OPERATIONS 10000u
#define WARM_UP    100u

uintptr_t uart; /* setvar */

static void call(microkit_channel channel, uint32_t times)
{
    for (uint32_t i = 0; i < times; i++) {
        fpu_use();
        microkit_ppcall(channel, microkit_msginfo_new(0, 0));
    }
}

static void measure(const char *name, microkit_channel channel)
{
    call(channel, WARM_UP);
    mark_begin();
    uint64_t begin = bench_now();
    call(channel, OPERATIONS);
    uint64_t ticks = bench_now() - begin;
    mark_end();
    bench_report(uart, name, OPERATIONS, ticks);
}

void init(void)
{
    measure("ppc_passive_0w_fpu", 0);
    measure("ppc_passive_0w_fpu_both", 1);
    bench_report(uart, "end", 1, 0);
}

void notified(microkit_channel channel)
{
    (void)channel;
}
