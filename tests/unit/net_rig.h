/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_rig.h - queues, data regions and frames for tests of the net class.
 *
 * Shape     a `struct net_link` is the memory of two queues between two
 *           neighbours; the test holds a handle for the end it plays.
 * Owner     the test; memory lives until the program ends.
 * Source    sddf/include/sddf/network.
 */
#pragma once

#include <stdlib.h>
#include <string.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/hints.h>
#include <sddf/network/queue.h>

/* Two queues in fresh memory. */
struct net_link {
    net_queue_t *free;
    net_queue_t *active;
    uint32_t capacity;
};

static inline net_queue_t *rig_queue(uint32_t capacity)
{
    return calloc(1, sizeof(net_queue_t) + capacity * sizeof(union net_slot) +
                         sizeof(struct net_hints));
}

static inline struct net_link rig_link(uint32_t capacity)
{
    return (
        struct net_link){ rig_queue(capacity), rig_queue(capacity), capacity };
}

static inline void rig_unlink(struct net_link *link)
{
    free(link->free);
    free(link->active);
}

/* What the component under test is told about a link. */
static inline net_connection_resource_t rig_conn(
    const struct net_link *link, uint8_t id)
{
    uint64_t size = sizeof(net_queue_t) +
                    link->capacity * sizeof(union net_slot) +
                    sizeof(struct net_hints);

    return (net_connection_resource_t){
        .free_queue = { link->free, size },
        .active_queue = { link->active, size },
        .num_buffers = (uint16_t)link->capacity,
        .id = id,
    };
}

/* The other end's handle. */
static inline net_queue_handle_t rig_handle(const struct net_link *link)
{
    net_queue_handle_t handle;

    net_queue_init(&handle, link->free, link->active, link->capacity);
    return handle;
}

/* An address whose last byte tells clients apart. */
static inline mac_addr_t rig_mac(uint8_t n)
{
    return (mac_addr_t){ { 0x52, 0x54, 0x01, 0x00, 0x00, n } };
}

/* Writes a frame's header. */
static inline void rig_frame(uint8_t *frame, mac_addr_t to)
{
    memcpy(frame, to.addr, MAC802_BYTES);
    memset(frame + MAC802_BYTES, 0x11, 8);
}
