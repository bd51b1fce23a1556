/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.h - HTTP connections over lwIP's raw TCP interface.
 *
 * Shape     one server per program; WEB_SERVER_CONNECTIONS slots, made when
 *           the program is built.
 * Units     connections; counters of conn.h.
 * Owner     the program's one thread, from which lwIP runs too.
 * Trust     see conn.h.  A peer beyond the last slot gets 503, unless another
 *           has been idle for a second: that one is closed.
 * Errors    false when lwIP has no room for the listener.  Later, everything
 *           that fails for lack of memory is tried again.
 * Source    lwIP doc/rawapi.txt.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "lions/web/conn.h"

#define WEB_SERVER_CONNECTIONS 96u

/** Begins to serve `site`, which must not change, on a TCP port. */
MUST_USE bool web_server_start(const struct web_site *site, uint16_t port);

/** What has happened so far. */
const struct web_counts *web_server_counts(void);

/** How many connections there are now. */
uint32_t web_server_connections(void);
