/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * protocol.h - protected procedure calls that a timer driver answers.
 *
 * Shape     the label says what, message word 0 carries the number.
 *           GET_TIME     -> word 0: nanoseconds since reset
 *           SET_TIMEOUT  word 0: nanoseconds from now.  When they have passed,
 *                        the driver notifies the caller's channel, once.
 *           CANCEL_ALL   forgets the caller's timeouts -> word 0: how many
 * Units     nanoseconds; any 64-bit value is allowed, 0 is "at once", values
 *           beyond the end of time never come.
 * Trust     the caller may send anything.
 * Errors    the label of the reply, SDDF_TIMER_OK or SDDF_TIMER_ERR_*.
 * Source    labels 0 and 1 of sDDF 0.7.  CANCEL_ALL, the reply labels, and
 *           several timeouts per client are ours.  A component written for one
 *           timeout, where a newer replaces it, works: it is woken more often.
 */
#pragma once

#include <stdint.h>

#include <sddf/util/si_units.h>

#define SDDF_TIMER_GET_TIME    0
#define SDDF_TIMER_SET_TIMEOUT 1
#define SDDF_TIMER_CANCEL_ALL  2 /* not in sDDF */

#define SDDF_TIMER_OK          0
#define SDDF_TIMER_ERR_FULL    1 /* the caller has its limit outstanding */
#define SDDF_TIMER_ERR_REQUEST 2 /* no such label, or a wrong length */
#define SDDF_TIMER_ERR_DEVICE  3 /* no counter frequency */

/* Timeouts one client may have outstanding. */
#define SDDF_TIMER_TIMEOUTS_PER_CLIENT 8

typedef uint64_t sddf_timer_freq_hz_t;
