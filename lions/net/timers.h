/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timers.h - lwIP's timers, running only while something waits for them.
 *
 * Shape     lwIP's own interface (lwip/timeouts.h) with LWIP_TIMERS_CUSTOM,
 *           and notes from the glue about what it saw go by.
 * Units     milliseconds of sys_now(), which runs over.
 * Owner     one instance per program, like lwIP.
 * Errors    sys_timeout() with no room left breaks an invariant: CHECK.
 * Source    lwip/timeouts.h; intervals from lwIP's headers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** A fragment of a datagram came: the rest may never come. */
void timers_note_fragment(void);

/** An ARP request was sent: it may have to be sent again. */
void timers_note_arp(void);

/** Did something begin or end to wait since sys_timeouts_sleeptime() was last
 *  asked?  If not, its answer still holds. */
bool timers_changed(void);
