/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wakeup.c - sleeps until a point in time, again and again, while all others
 * sleep too: what passes between the timer's interrupt and the first instruction
 * here is counted from outside (count.c, detail.c).
 */
#include <bench_arch.h>

#include "bench/linux/sys.h"

#define ROUNDS   64u
#define AHEAD_NS 2000000
#define SECOND   1000000000

struct timespec {
    int64_t seconds;
    int64_t ns;
};

void _start(void);

void _start(void)
{
    /* woken at that point, not up to 50 us later together with others */
    (void)sys_call(SYS_PRCTL, PR_SET_TIMERSLACK, 1, 0, 0, 0, 0);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct timespec at = { 0, 0 };

        (void)sys_call(SYS_GETTIME, CLOCK_MONOTONIC, (uint64_t)&at, 0, 0, 0, 0);
        at.ns += AHEAD_NS;
        if (at.ns >= SECOND) {
            at.ns -= SECOND;
            at.seconds++;
        }
        mark_begin();
        (void)sys_call(SYS_NANOSLEEP, CLOCK_MONOTONIC, TIMER_ABSTIME,
            (uint64_t)&at, 0, 0, 0);
        mark_end();
    }
    sys_exit(0);
}
