/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tx_regions.h - whose memory a device address is in, and which buffers the
 * driver has.
 *
 * Shape     regions sorted by device address; one bit per buffer.
 * Units     device addresses; buffers of NET_BUFFER_SIZE bytes.
 * Owner     the Tx virtualiser.
 * Trust     regions are from the configuration; addresses from the driver.
 * Errors    tx_regions_add() says ERR_MEMORY, or ERR_RANGE for overlaps.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sddf/network/constants.h>

#include "abi/err.h"
#include "base/attr.h"

#define TX_REGIONS_MAX 256
#define TX_BUFFERS_MAX 65536

struct tx_region {
    uint64_t io_addr;
    uint32_t buffers;
    uint32_t first; /* number of its first buffer over all regions */
    uint8_t client;
    uint8_t oid;
};

struct tx_regions {
    uint32_t count;
    uint32_t buffers;             /* of all regions */
    const struct tx_region *last; /* where the last search ended, or NULL */
    struct tx_region region[TX_REGIONS_MAX];
    uint64_t with_driver[TX_BUFFERS_MAX / 64];
};

/** Adds a region.  All are added before any search. */
MUST_USE enum err tx_regions_add(struct tx_regions *regions, uint64_t io_addr,
    uint32_t buffers, uint8_t client, uint8_t oid);

/** Is this the address of one of the region's buffers? */
static inline bool tx_region_holds(
    const struct tx_region *region, uint64_t io_addr)
{
    uint64_t offset = io_addr - region->io_addr;

    return offset / NET_BUFFER_SIZE < region->buffers &&
           offset % NET_BUFFER_SIZE == 0;
}

/** Searches for the region that holds a buffer at `io_addr`. */
const struct tx_region *tx_regions_search(
    struct tx_regions *regions, uint64_t io_addr);

/** The region that holds a buffer at `io_addr`, or NULL if that is not the
 *  start of a buffer. */
static inline const struct tx_region *tx_regions_find(
    struct tx_regions *regions, uint64_t io_addr)
{
    const struct tx_region *last = regions->last;

    /* Frames of one client come in runs. */
    return last != NULL && tx_region_holds(last, io_addr)
               ? last
               : tx_regions_search(regions, io_addr);
}

/** The number of the buffer at `io_addr` inside `region`. */
static inline uint32_t tx_buffer_number(
    const struct tx_region *region, uint64_t io_addr)
{
    return region->first +
           (uint32_t)((io_addr - region->io_addr) / NET_BUFFER_SIZE);
}

/** Does the driver have this buffer? */
static inline bool tx_buffer_given(
    const struct tx_regions *regions, uint32_t number)
{
    return (regions->with_driver[number / 64] >> (number % 64) & 1) != 0;
}

/** Notes that the driver gets a buffer. */
static inline void tx_buffer_give(struct tx_regions *regions, uint32_t number)
{
    regions->with_driver[number / 64] |= UINT64_C(1) << (number % 64);
}

/** Notes that the driver returned a buffer; false if it did not have it. */
MUST_USE static inline bool tx_buffer_take(
    struct tx_regions *regions, uint32_t number)
{
    uint64_t bit = UINT64_C(1) << (number % 64);

    if ((regions->with_driver[number / 64] & bit) == 0) {
        return false;
    }
    regions->with_driver[number / 64] &= ~bit;
    return true;
}
