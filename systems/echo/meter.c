/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent of the echo system: reads its children's processor time for the
 * load generator, and restarts a child that faults.
 */
#include <stdint.h>

#include <pride.h>
#include <sddf/util/arch_timestamp_counter.h>
#include <sddf/util/stats.h>

#include "systems/echo/echo.h"

#define CHILDREN     62
#define NET_DRIVER   0        /* its child id in echo.system */
#define ENTRY        0x200000 /* where every program begins */
#define RESTARTS_MAX 32

__attribute__((__section__(
    ".stats_observer_config"))) struct stats_observer_config observer;

static struct {
    uint64_t started; /* counter at METER_START */
    uint64_t busy;    /* children's ticks then */
    uint32_t restarts[CHILDREN];
} meter;

/* What all children have used so far. */
static uint64_t busy_ticks(void)
{
    uint64_t sum = 0;

    for (microkit_child child = 0; child < CHILDREN; child++) {
        struct pride_pd_info info;

        if (pride_pd_info(child, &info) == ERR_OK) {
            sum += info.ticks;
        }
    }
    return sum;
}

/* Restarts a child, up to a number of times. */
static bool restart(microkit_child child)
{
    if (child >= CHILDREN || meter.restarts[child] >= RESTARTS_MAX) {
        return false;
    }
    meter.restarts[child]++;
    return pride_pd_restart(child, ENTRY) == ERR_OK;
}

/* Counter `n` over all pages that we see: value, page, name. */
static uint32_t read_counter(uint64_t n)
{
    for (uint64_t i = 0; i < observer.count && i < STATS_OBSERVED_MAX; i++) {
        const struct stats_page *page =
            (const struct stats_page *)observer.vaddr[i];

        if (!stats_page_valid(page)) {
            continue;
        }
        if (n >= page->count) {
            n -= page->count;
            continue;
        }
        const struct stats_entry *entry = &page->entry[n];
        microkit_mr_set(
            0, atomic_load_explicit(&entry->value, memory_order_relaxed));
        for (uint32_t w = 0; w < 4; w++) {
            uint64_t word;

            __builtin_memcpy(&word, &page->component[8 * w], sizeof(word));
            microkit_mr_set((seL4_Uint8)(1 + w), word);
        }
        for (uint32_t w = 0; w < 3; w++) {
            uint64_t word;

            __builtin_memcpy(&word, &entry->name[8 * w], sizeof(word));
            microkit_mr_set((seL4_Uint8)(5 + w), word);
        }
        return 8;
    }
    return 0;
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    uint64_t now = sddf_read_counter();

    (void)ch;
    switch (microkit_msginfo_get_label(msginfo)) {
    case METER_START:
        meter.busy = busy_ticks();
        meter.started = now;
        return microkit_msginfo_new(0, 0);
    case METER_STOP: {
        uint64_t total = now - meter.started;
        uint64_t busy = busy_ticks() - meter.busy;

        microkit_mr_set(0, busy < total ? total - busy : 0);
        microkit_mr_set(1, total);
        return microkit_msginfo_new(0, 2);
    }
    case METER_COUNTER:
        return microkit_msginfo_new(
            0, (uint16_t)read_counter(microkit_mr_get(0)));
    case METER_RESTART:
        microkit_mr_set(0, restart(NET_DRIVER) ? 1 : 0);
        return microkit_msginfo_new(0, 1);
    default:
        return microkit_msginfo_new(1, 0);
    }
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)msginfo;
    (void)reply_msginfo;
    microkit_dbg_puts("meter: child ");
    microkit_dbg_put32(child);
    microkit_dbg_puts(restart(child) ? " restarted\n" : " stays stopped\n");
    return seL4_False;
}

void init(void)
{
}

void notified(microkit_channel ch)
{
    (void)ch;
}
