/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - what a component asks of the timer.
 *
 * Shape     the time is read from the counter where user level may (no kernel
 *           entry, the same time base as the driver's), else from the driver;
 *           timeouts are protected procedure calls.
 * Units     nanoseconds since reset; timeouts from now.
 * Errors    sddf_timer_set_timeout() returns 0 or an SDDF_TIMER_ERR_*.
 * Source    names of sDDF 0.7; protocol.h.
 */
#pragma once

#include <stdint.h>

#include <os/sddf.h>
#include <sddf/timer/protocol.h>
#include <sddf/timer/timer_common.h>
#include <sddf/util/arch_timestamp_counter.h>
#include <sddf/util/util.h>

/** Asks for one notification on `channel` after `timeout` nanoseconds.  Up to
 *  SDDF_TIMER_TIMEOUTS_PER_CLIENT may be outstanding. */
static inline int sddf_timer_set_timeout(unsigned int channel, uint64_t timeout)
{
    sddf_set_mr(0, timeout);
    return (int)seL4_MessageInfo_get_label(sddf_ppcall(
        channel, seL4_MessageInfo_new(SDDF_TIMER_SET_TIMEOUT, 0, 0, 1)));
}

/** Forgets this client's timeouts; a notification already sent still comes.
 *  Returns how many were forgotten. */
static inline uint64_t sddf_timer_cancel_all(unsigned int channel)
{
    (void)sddf_ppcall(
        channel, seL4_MessageInfo_new(SDDF_TIMER_CANCEL_ALL, 0, 0, 0));
    return sddf_get_mr(0);
}

/** The time as the driver tells it. */
static inline uint64_t sddf_timer_time_call(unsigned int channel)
{
    (void)sddf_ppcall(
        channel, seL4_MessageInfo_new(SDDF_TIMER_GET_TIME, 0, 0, 0));
    return sddf_get_mr(0);
}

/** The time since reset, by the cheapest way there is. */
static inline uint64_t sddf_timer_time_now(unsigned int channel)
{
    uint64_t freq = sddf_read_freq();

    if (likely(freq != 0)) {
        return ticks_to_ns(sddf_read_counter(), freq);
    }
    return sddf_timer_time_call(channel);
}
