/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.h - what the status page shows, and how it is written down.
 *
 * Shape     a plain structure that web.c fills in; two renderings of it.
 * Units     nanoseconds since reset, ticks of the system counter.
 * Owner     web.c.
 * Trust     counter pages belong to components that may have been taken over:
 *           each number and name is read once and cut to size.
 * Errors    web_text's overflow, which becomes a 500.
 * Source    the JSON is read by site/status.js and tests/web.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <sddf/util/stats.h>

#include "lions/web/conn.h"
#include "lions/web/text.h"
#include "systems/webserver/supervisor.h"

#define STATUS_PDS_MAX      16u
#define STATUS_FACTS_MAX    8u
#define STATUS_COUNTERS_MAX 32u /* of one component, that are shown */

struct status_pd {
    char name[SUPERVISOR_NAME_SIZE]; /* NUL terminated */
    uint64_t state;
    uint64_t ticks;
    uint64_t starts;
    uint64_t switches;
    uint64_t faults;
};

/* Something that does not change. */
struct status_fact {
    const char *name;
    const char *value;
};

struct status {
    uint64_t uptime_ns;
    uint64_t ticks;
    uint64_t tick_hz;
    uint32_t pd_count;
    uint32_t page_count;
    uint32_t fact_count;
    uint32_t connections;
    uint32_t connection_limit;
    const struct web_counts *counts;
    struct status_pd pds[STATUS_PDS_MAX];
    const struct stats_page *pages[STATS_OBSERVED_MAX];
    struct status_fact facts[STATUS_FACTS_MAX];
};

/** Writes the status as one JSON object. */
void status_write_json(const struct status *status, struct web_text *out);

/** Writes the status for people without a browser that runs scripts. */
void status_write_text(const struct status *status, struct web_text *out);
