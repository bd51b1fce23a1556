/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stats.h - counters that a component shows to observers.
 *
 * Shape     one page that describes itself: magic, number of counters, the
 *           component's name, then name and value of each.
 * Units     events, bytes: the counter's name says.
 * Owner     the component writes its page; observers map it read-only.
 * Trust     an observer checks magic and count before it uses a page: a page
 *           belongs to a component that may have been taken over.
 * Errors    a component whose .stats_config was not filled in has no page;
 *           stats_add() then does nothing.
 * Source    docs/design/interfaces.md, "Counters".  The host tool includes
 *           this file too.
 */
#pragma once

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define STATS_MAGIC          UINT64_C(0x3154534544495250) /* "PRIDEST1" */
#define STATS_PAGE_SIZE      4096
#define STATS_NAME_SIZE      24
#define STATS_COMPONENT_SIZE 32
#define STATS_ENTRIES_MAX    126
#define STATS_OBSERVED_MAX   64

struct stats_entry {
    char name[STATS_NAME_SIZE]; /* NUL terminated */
    _Atomic uint64_t value;
};

struct stats_page {
    _Atomic uint64_t magic; /* written last */
    uint32_t count;
    uint32_t reserved;
    char component[STATS_COMPONENT_SIZE]; /* NUL terminated */
    struct stats_entry entry[STATS_ENTRIES_MAX];
};

static_assert(sizeof(struct stats_entry) == 32, "counter layout");
static_assert(sizeof(struct stats_page) <= STATS_PAGE_SIZE, "one page");

/* Section .stats_config of a component that counts. */
struct stats_config {
    uint64_t magic; /* STATS_MAGIC when the tool gave us a page */
    uint64_t vaddr; /* one page, read-write */
};

/* Section .stats_observer_config of a component that shows counters. */
struct stats_observer_config {
    uint64_t magic;
    uint64_t count;
    uint64_t vaddr[STATS_OBSERVED_MAX]; /* pages, read-only */
};

static_assert(sizeof(struct stats_config) == 16, "stats_config layout");
static_assert(sizeof(struct stats_observer_config) == 16 + 8 * 64,
    "stats_observer_config layout");

/* A component's handle; page is NULL when nobody observes. */
struct stats {
    struct stats_page *page;
};

/**
 * Fills in the page, if there is one.  Values already there survive, so that
 * a restarted component goes on counting.  Names beyond STATS_ENTRIES_MAX are
 * ignored, long ones cut.
 */
void stats_init(struct stats *stats, const struct stats_config *config,
    const char *component, const char *const *names, uint32_t count);

/** Adds `n` to counter `index`, which is less than the count given at init. */
static inline void stats_add(struct stats *stats, uint32_t index, uint64_t n)
{
    if (stats->page != NULL && index < STATS_ENTRIES_MAX) {
        _Atomic uint64_t *value = &stats->page->entry[index].value;

        /* One writer: no read-modify-write needed.  Readers may be late. */
        atomic_store_explicit(value,
            atomic_load_explicit(value, memory_order_relaxed) + n,
            memory_order_relaxed);
    }
}

/** Sets counter `index` to `n`: for values counted elsewhere. */
static inline void stats_set(struct stats *stats, uint32_t index, uint64_t n)
{
    if (stats->page != NULL && index < STATS_ENTRIES_MAX) {
        atomic_store_explicit(
            &stats->page->entry[index].value, n, memory_order_relaxed);
    }
}

/** For an observer: is this a filled-in page with a sane count? */
static inline bool stats_page_valid(const struct stats_page *page)
{
    /* pairs with the release store in stats_init() */
    return atomic_load_explicit(&page->magic, memory_order_acquire) ==
               STATS_MAGIC &&
           page->count <= STATS_ENTRIES_MAX;
}
