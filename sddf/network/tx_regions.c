/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sorted table of tx_regions.h.
 */
#include "sddf/network/tx_regions.h"

#include "base/range.h"

/* Bytes of a region. */
static uint64_t region_size(const struct tx_region *region)
{
    return (uint64_t)region->buffers * NET_BUFFER_SIZE;
}

enum err tx_regions_add(struct tx_regions *regions, uint64_t io_addr,
    uint32_t buffers, uint8_t client, uint8_t oid)
{
    struct tx_region added = { .io_addr = io_addr,
        .buffers = buffers,
        .first = regions->buffers,
        .client = client,
        .oid = oid };
    uint32_t at = regions->count;

    if (regions->count == TX_REGIONS_MAX ||
        buffers > TX_BUFFERS_MAX - regions->buffers) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < regions->count; i++) {
        const struct tx_region *other = &regions->region[i];

        if (range_overlaps(io_addr, region_size(&added), other->io_addr,
                region_size(other))) {
            return ERR_RANGE;
        }
    }
    for (; at > 0 && regions->region[at - 1].io_addr > io_addr; at--) {
        regions->region[at] = regions->region[at - 1];
    }
    regions->region[at] = added;
    regions->count++;
    regions->buffers += buffers;
    return ERR_OK;
}

const struct tx_region *tx_regions_search(
    struct tx_regions *regions, uint64_t io_addr)
{
    uint32_t low = 0;
    uint32_t high = regions->count;

    /* The last region that begins at or before the address. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (regions->region[middle].io_addr <= io_addr) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || !tx_region_holds(&regions->region[low - 1], io_addr)) {
        return NULL;
    }
    regions->last = &regions->region[low - 1];
    return regions->last;
}
