/* SPDX-License-Identifier: BSD-2-Clause */
/* Filling in a page of counters. */
#include <sddf/util/stats.h>

#include "base/str.h"

void stats_init(struct stats *stats, const struct stats_config *config,
    const char *component, const char *const *names, uint32_t count)
{
    stats->page = NULL;
    if (config->magic != STATS_MAGIC || config->vaddr == 0) {
        return;
    }

    struct stats_page *page = (struct stats_page *)(uintptr_t)config->vaddr;

    if (count > STATS_ENTRIES_MAX) {
        count = STATS_ENTRIES_MAX;
    }
    page->count = count;
    (void)str_copy(page->component, sizeof(page->component), component);
    for (uint32_t i = 0; i < count; i++) {
        (void)str_copy(
            page->entry[i].name, sizeof(page->entry[i].name), names[i]);
    }
    /* pairs with the acquire load in stats_page_valid() */
    atomic_store_explicit(&page->magic, STATS_MAGIC, memory_order_release);
    stats->page = page;
}
