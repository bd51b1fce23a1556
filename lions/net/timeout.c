/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwIP's clock, and the one timeout that we keep at the timer driver.  What lwIP
 * waits for, and when it is due, is in timers.c.
 */
#include "lions/net/glue.h"

#include <sddf/timer/client.h>

#include "lwip/sys.h"
#include "lwip/timeouts.h"

/* A timeout this much later than wanted is left alone. */
#define SLACK_NS UINT64_C(500000)

/** lwIP's clock: milliseconds, running over. */
u32_t sys_now(void)
{
    return (u32_t)(sddf_timer_time_now(lions_glue.timeout.ch) / NS_IN_MS);
}

void glue_timeout_arm(struct glue *g)
{
    struct glue_timeout *timeout = &g->timeout;
    uint64_t sleep_ms = sys_timeouts_sleeptime();
    uint64_t sleep_ns = (sleep_ms == 0 ? 1 : sleep_ms) * NS_IN_MS;
    uint64_t at = sddf_timer_time_now(timeout->ch) + sleep_ns;

    if (timeout->set && timeout->at <= at + SLACK_NS) {
        return;
    }
    if (sddf_timer_set_timeout(timeout->ch, sleep_ns) == 0) {
        timeout->set = true;
        timeout->at = at;
        g->counters.timeouts++;
    }
}

void sddf_lwip_process_timeout(void)
{
    struct glue_timeout *timeout = &lions_glue.timeout;

    if (timeout->set &&
        sddf_timer_time_now(timeout->ch) + SLACK_NS >= timeout->at) {
        timeout->set = false;
    }
    sys_check_timeouts();
}
