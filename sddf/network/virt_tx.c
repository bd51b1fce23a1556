/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transmit virtualiser: passes the clients' frames to the driver.
 *
 *     client --active--> tx_provide() --active--> driver
 *     client <---free--- tx_return()  <---free--- driver
 *
 * A client says "offset in my region"; the driver needs a device address.  The
 * translation is the check that keeps a client from sending memory that is not
 * its own.  Which buffers the driver has is known bit by bit (tx_regions.h):
 * a buffer that a client sends twice, or the driver returns twice, is counted
 * and forgotten.
 *
 * Signals.  The driver is asked to signal returned buffers only while some
 * client has half of its buffers on the way, or frames wait for room; it then
 * also turns its Tx interrupts on.  The wish is made known before the driver
 * is signalled about new frames.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/queue.h>
#include <sddf/util/cache.h>
#include <sddf/util/stats.h>

#include "base/check.h"
#include "sddf/network/tx_regions.h"

#define ROUND 32 /* frames of one client before it is another's turn */

__attribute__((__section__(".net_virt_tx_config"))) net_virt_tx_config_t config;
__attribute__((__section__(".net_dma_config"))) net_dma_config_t dma_config;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

enum counter {
    PACKETS,
    BAD_LENGTH,
    BAD_BUFFER,
    DUPLICATE,
    BAD_DRIVER,
    CLIENT_FULL,
    DRIVER_FULL,
    BAD_PEER,
    BUFFERS,
    WITH_DRIVER,
    COUNTERS
};

static const char *const counter_names[COUNTERS] = {
    "packets",
    "bad_length",
    "bad_buffer",
    "duplicate",
    "bad_driver",
    "client_full",
    "driver_full",
    "bad_peer",
    "buffers",
    "with_driver",
};

struct client {
    net_queue_handle_t queue;
    uint32_t buffers;                     /* of all its regions */
    uint32_t with_driver;                 /* of them on the way */
    uint32_t first[SDDF_NET_MAX_CLIENTS]; /* first buffer of each region */
};

/* Small things first: they are reached with short offsets. */
static struct {
    net_queue_handle_t driver;
    struct stats stats;
    uint64_t everybody; /* a bit per client */
    uint64_t returned;  /* clients that got buffers back */
    uint64_t low;       /* clients with half of their buffers on the way */
    uint32_t with_driver;
    uint32_t activations;    /* in which there was something to do */
    bool blocked;            /* frames wait for room in the driver's queue */
    bool sent;               /* the driver got frames */
    uint64_t on_channel[64]; /* clients that signal there */
    struct client client[SDDF_NET_MAX_CLIENTS];
    struct tx_regions regions;
} virt;

/* Notes that `client` has one more or one less buffer on the way. */
static void count_on_the_way(uint32_t client, bool more)
{
    struct client *c = &virt.client[client];
    uint64_t bit = UINT64_C(1) << client;

    if (more) {
        c->with_driver++;
        virt.with_driver++;
    } else {
        c->with_driver--;
        virt.with_driver--;
    }
    if (2 * c->with_driver >= c->buffers) {
        virt.low |= bit;
    } else {
        virt.low &= ~bit;
    }
}

/* Gives a buffer back to its client.  Only a client that broke its own queue
 * has no room for a buffer of its own. */
static void give_back(uint32_t client, net_buff_desc_t buffer)
{
    buffer.len = 0;
    if (net_enqueue_free(&virt.client[client].queue, buffer) != 0) {
        stats_add(&virt.stats, CLIENT_FULL, 1);
        return;
    }
    virt.returned |= UINT64_C(1) << client;
}

/* --- From clients to the driver --------------------------------------------- */

/* Checks one descriptor and notes that the driver gets the buffer.  False
 * after a bad one was dealt with. */
static bool frame_check(uint32_t client, net_buff_desc_t buffer)
{
    const net_virt_tx_client_config_t *c = &config.clients[client];
    uint64_t index = buffer.io_or_offset / NET_BUFFER_SIZE;

    if (buffer.oid >= c->num_regions ||
        buffer.io_or_offset % NET_BUFFER_SIZE != 0 ||
        index >= c->regions[buffer.oid].num_buffers) {
        stats_add(&virt.stats, BAD_BUFFER, 1);
        return false;
    }
    uint32_t number = virt.client[client].first[buffer.oid] + (uint32_t)index;
    if (tx_buffer_given(&virt.regions, number)) {
        stats_add(&virt.stats, DUPLICATE, 1);
        return false;
    }
    if (buffer.len == 0 || buffer.len > NET_BUFFER_SIZE) {
        stats_add(&virt.stats, BAD_LENGTH, 1);
        give_back(client, buffer);
        return false;
    }
    tx_buffer_give(&virt.regions, number);
    return true;
}

/* Writes one frame to the n-th place in the driver's queue; false if it was
 * not fit to be sent. */
static bool frame_send(uint32_t client, net_buff_desc_t buffer, uint32_t n)
{
    if (!frame_check(client, buffer)) {
        return false;
    }
    const device_region_resource_t *data =
        &config.clients[client].regions[buffer.oid].data;
    uintptr_t frame = (uintptr_t)data->region.vaddr + buffer.io_or_offset;

    if (dma_config.coherent == 0) {
        cache_clean(frame, frame + buffer.len);
    }
    buffer.io_or_offset += data->io_addr;
    net_ring_write(virt.driver.active, &virt.driver.active_in, n, buffer);
    count_on_the_way(client, true);
    return true;
}

/* How many frames the driver may get: never more than fit into its free queue
 * when it returns them all. */
static uint32_t driver_room(void)
{
    net_queue_handle_t *q = &virt.driver;
    uint32_t room = net_ring_room(q->active, &q->active_in, q->capacity);
    uint32_t most = q->capacity - virt.with_driver;

    return room < most ? room : most;
}

/* Takes up to ROUND frames of one client.  Returns true if it should have
 * another turn. */
static bool client_turn(uint32_t client)
{
    net_queue_handle_t *from = &virt.client[client].queue;
    net_queue_handle_t *to = &virt.driver;
    uint32_t ready =
        net_ring_ready(from->active, &from->active_out, from->capacity);
    uint32_t room = driver_room();
    uint32_t count = ready < ROUND ? ready : ROUND;
    uint32_t sent = 0;

    if (count > room) {
        count = room;
        virt.blocked = true;
        stats_add(&virt.stats, DRIVER_FULL, 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        net_buff_desc_t buffer =
            net_ring_read(from->active, &from->active_out, i);

        sent += frame_send(client, buffer, sent) ? 1 : 0;
    }
    if (count > 0) {
        net_ring_consume(from->active, &from->active_out, count);
    }
    if (sent > 0) {
        net_ring_publish(to->active, &to->active_in, sent);
        stats_add(&virt.stats, PACKETS, sent);
        virt.sent = true;
    }
    return count > 0 && count < ready;
}

/* Serves the clients in `turn` until each queue is empty, or the driver's is
 * full.  After the first round everybody is looked at, so that one who never
 * stops keeps nobody waiting. */
static void tx_provide(uint64_t turn)
{
    virt.blocked = false;
    while (turn != 0 && !virt.blocked) {
        uint64_t again = 0;

        for (; turn != 0 && !virt.blocked; turn &= turn - 1) {
            uint32_t client = bits_lowest(turn);
            net_queue_handle_t *q = &virt.client[client].queue;

            if (client_turn(client)) {
                again = virt.everybody;
                continue;
            }
            if (virt.blocked) {
                break;
            }
            net_request_signal_active(q);
            if (!net_queue_empty_active(q)) {
                net_cancel_signal_active(q);
                again |= UINT64_C(1) << client;
            }
        }
        turn |= again;
    }
}

/* --- From the driver to clients ---------------------------------------------- */

/* Returns one sent buffer to its owner. */
static void buffer_sent(net_buff_desc_t buffer)
{
    const struct tx_region *region =
        tx_regions_find(&virt.regions, buffer.io_or_offset);

    if (region == NULL || !tx_buffer_take(&virt.regions,
                              tx_buffer_number(region, buffer.io_or_offset))) {
        stats_add(&virt.stats, BAD_DRIVER, 1);
        return;
    }
    buffer.io_or_offset -= region->io_addr;
    buffer.oid = (uint8_t)(region->oid & 63u) & 63u;
    count_on_the_way(region->client, false);
    give_back(region->client, buffer);
}

/* Returns sent buffers, at most a queue full. */
static void tx_return(void)
{
    net_queue_handle_t *q = &virt.driver;
    uint32_t ready = net_ring_ready(q->free, &q->free_out, q->capacity);

    for (uint32_t i = 0; i < ready; i++) {
        buffer_sent(net_ring_read(q->free, &q->free_out, i));
    }
    if (ready > 0) {
        net_ring_consume(q->free, &q->free_out, ready);
    }
}

/* Says whether we wait for buffers of the driver's. */
static void request_returns(void)
{
    if (virt.low == 0 && !virt.blocked) {
        net_cancel_signal_free(&virt.driver);
        return;
    }
    net_request_signal_free(&virt.driver);
    tx_return(); /* what came before the request was visible */
}

/* Signals those who want to know. */
static void signal_neighbours(void)
{
    for (; virt.returned != 0; virt.returned &= virt.returned - 1) {
        uint32_t client = bits_lowest(virt.returned);
        net_queue_handle_t *q = &virt.client[client].queue;

        if (net_require_signal_free(q)) {
            net_cancel_signal_free(q);
            sddf_notify(config.clients[client].conn.id);
        }
    }
    if (virt.sent && net_require_signal_active(&virt.driver)) {
        net_cancel_signal_active(&virt.driver);
        sddf_deferred_notify(config.driver.id);
    }
    virt.sent = false;
}

/* Nonsense that the queues' handles have counted: summed up when there was
 * nothing else to do, and now and then. */
static void show_bad_peers(void)
{
    uint64_t bad_peer = net_queue_bad_peer(&virt.driver);

    for (uint32_t i = 0; i < config.num_clients; i++) {
        bad_peer += net_queue_bad_peer(&virt.client[i].queue);
    }
    stats_set(&virt.stats, BAD_PEER, bad_peer);
}

/** Frames from a client, or buffers from the driver. */
void notified(sddf_channel ch)
{
    tx_return();
    tx_provide(virt.blocked ? virt.everybody : virt.on_channel[ch & 63]);
    request_returns();
    if (virt.blocked) {
        tx_provide(virt.everybody); /* into room that came meanwhile */
    }
    bool idle = !virt.sent && virt.returned == 0;
    signal_neighbours();
    stats_set(&virt.stats, WITH_DRIVER, virt.with_driver);
    if (idle || ++virt.activations % 64 == 0) {
        show_bad_peers();
    }
}

/* Enters a client's regions into the table. */
static void client_init(uint8_t index)
{
    const net_virt_tx_client_config_t *c = &config.clients[index];
    struct client *client = &virt.client[index];

    CHECK(c->num_regions <= SDDF_NET_MAX_CLIENTS);
    net_queue_init(&client->queue, c->conn.free_queue.vaddr,
        c->conn.active_queue.vaddr, c->conn.num_buffers);
    for (uint8_t oid = 0; oid < c->num_regions; oid++) {
        const net_virt_tx_data_region_t *region = &c->regions[oid];

        CHECK((uint64_t)region->num_buffers * NET_BUFFER_SIZE <=
              region->data.region.size);
        client->first[oid] = virt.regions.buffers;
        client->buffers += region->num_buffers;
        enum err err = tx_regions_add(&virt.regions, region->data.io_addr,
            region->num_buffers, index, oid);
        CHECK(err == ERR_OK);
    }
    virt.everybody |= UINT64_C(1) << index;
    virt.on_channel[c->conn.id & 63] |= UINT64_C(1) << index;
}

/** Sets the queues up and takes what is there already. */
void init(void)
{
    CHECK(net_config_check_magic(&config));
    CHECK(config.num_clients <= SDDF_NET_MAX_CLIENTS);

    stats_init(&virt.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    net_queue_init(&virt.driver, config.driver.free_queue.vaddr,
        config.driver.active_queue.vaddr, config.driver.num_buffers);
    for (uint8_t i = 0; i < config.num_clients; i++) {
        client_init(i);
    }
    stats_set(&virt.stats, BUFFERS, virt.regions.buffers);
    virt.blocked = true; /* look at everybody */
    notified(config.driver.id);
}
