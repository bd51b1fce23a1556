/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timeouts.h - the deadlines that a timer driver has promised.
 *
 * Shape     a binary heap in an array, earliest first; equal deadlines in the
 *           order of their requests.  Full per client, never as a whole.
 * Units     ticks, absolute.
 * Owner     one driver; pure logic, no device and no system calls.
 * Trust     deadlines may be anything; clients are checked channel numbers.
 * Errors    timeouts_add() returns false when the client has its limit.
 * Source    any book on heaps.  Worst case: 9 levels for 512 entries;
 *           timeouts_cancel() rebuilds, 512 steps of 9.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/timer/config.h>
#include <sddf/timer/protocol.h>

#include "base/attr.h"

#define TIMEOUTS_MAX (SDDF_TIMER_MAX_CLIENTS * SDDF_TIMER_TIMEOUTS_PER_CLIENT)

struct timeout {
    uint64_t deadline;
    uint32_t order; /* of the request, for equal deadlines; wraps */
    uint32_t client;
};

struct timeouts {
    struct timeout entry[TIMEOUTS_MAX];
    uint32_t count;
    uint32_t order; /* of the next request */
    uint8_t outstanding[SDDF_TIMER_MAX_CLIENTS];
};

/** Remembers that `client` (less than SDDF_TIMER_MAX_CLIENTS) is to be
 *  notified at `deadline`. */
MUST_USE bool timeouts_add(
    struct timeouts *timeouts, uint32_t client, uint64_t deadline);

/** Takes the earliest entry if it is due at `now`. */
MUST_USE bool timeouts_take_due(
    struct timeouts *timeouts, uint64_t now, uint32_t *client);

/** The earliest deadline, or UINT64_MAX when there is none. */
uint64_t timeouts_next(const struct timeouts *timeouts);

/** Forgets every timeout of `client`.  Returns how many there were. */
uint32_t timeouts_cancel(struct timeouts *timeouts, uint32_t client);
