/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive virtualiser: gives each received frame to the clients it is for.
 *
 *     driver --active--> rx_return() --active--> client or its copier
 *     driver <---free--- rx_provide() <--free--- client or its copier
 *
 * It owns the memory that the device writes.  For each buffer it knows which
 * clients hold it (`holders`, a bit per client; none: the driver's side has
 * it), so a buffer that a client returns twice, or never had, changes nothing.
 * Frames for a group go to every client; the buffer returns when the last one
 * gave it back.
 *
 * Signals.  Returned buffers are collected whenever frames arrive; a client is
 * asked to signal them only while clients hold half of all buffers or more.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/queue.h>
#include <sddf/util/cache.h>
#include <sddf/util/stats.h>

#include "base/check.h"
#include "sddf/network/mac_table.h"

#define BUFFERS_MAX 4096

__attribute__((__section__(".net_virt_rx_config"))) net_virt_rx_config_t config;
__attribute__((__section__(".net_dma_config"))) net_dma_config_t dma_config;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

enum counter {
    PACKETS,
    GROUP_PACKETS,
    NO_CLIENT,
    CLIENT_FULL,
    BAD_LENGTH,
    BAD_DRIVER,
    BAD_RETURN,
    BAD_PEER,
    BUFFERS,
    WITH_CLIENTS,
    BACKLOG,
    COUNTERS
};

static const char *const counter_names[COUNTERS] = {
    "packets",
    "group_packets",
    "no_client",
    "client_full",
    "bad_length",
    "bad_driver",
    "bad_return",
    "bad_peer",
    "buffers",
    "with_clients",
    "backlog",
};

/* Small things first: they are reached with short offsets. */
static struct {
    net_queue_handle_t driver;
    struct stats stats;
    uint64_t holding; /* clients that hold any buffer */
    uint64_t notify;  /* clients that got frames */
    uint32_t buffers;
    uint32_t held;          /* buffers that clients hold */
    uint32_t backlog_count; /* free buffers the driver had no room for */
    uint32_t activations;   /* in which there was something to do */
    bool notify_driver;
    uint32_t held_by[SDDF_NET_MAX_CLIENTS];
    net_queue_handle_t client[SDDF_NET_MAX_CLIENTS];
    uint64_t holders[BUFFERS_MAX];
    uint16_t backlog[BUFFERS_MAX];
    struct mac_table macs;
} virt;

/* Gives a free buffer to the driver; keeps it if the queue claims to be full
 * (it has room for all buffers, so only a broken driver makes it so). */
static void give_back(uint32_t index)
{
    net_buff_desc_t buffer = {
        .io_or_offset = config.data.io_addr + (uint64_t)index * NET_BUFFER_SIZE
    };

    if (net_enqueue_free(&virt.driver, buffer) != 0) {
        if (virt.backlog_count == virt.buffers) {
            stats_add(&virt.stats, BAD_DRIVER, 1); /* it sends duplicates */
            return;
        }
        virt.backlog[virt.backlog_count++] = (uint16_t)index;
        return;
    }
    virt.notify_driver = true;
}

/* Tries again what give_back() had to keep. */
static void backlog_retry(void)
{
    uint32_t count = virt.backlog_count;

    virt.backlog_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        give_back(virt.backlog[i]);
    }
}

/* The clients that a frame is for, as a mask. */
static uint64_t frame_targets(const uint8_t *frame)
{
    if (mac802_addr_is_group(frame)) {
        stats_add(&virt.stats, GROUP_PACKETS, 1);
        return config.num_clients == 64
                   ? UINT64_MAX
                   : (UINT64_C(1) << config.num_clients) - 1;
    }
    uint32_t client = mac_table_find(&virt.macs, mac_word(frame));
    return client == MAC_TABLE_NONE ? 0 : UINT64_C(1) << client;
}

/* Passes a buffer to each client in `targets` that has room. */
static void deliver(uint32_t index, uint16_t len, uint64_t targets)
{
    net_buff_desc_t buffer = {
        .io_or_offset = (uint64_t)index * NET_BUFFER_SIZE, .len = len
    };

    for (; targets != 0; targets &= targets - 1) {
        uint32_t client = bits_lowest(targets);
        uint64_t bit = UINT64_C(1) << client;

        if (net_enqueue_active(&virt.client[client], buffer) != 0) {
            stats_add(&virt.stats, CLIENT_FULL, 1);
            continue;
        }
        virt.holders[index] |= bit;
        virt.held_by[client]++;
        virt.holding |= bit;
        virt.notify |= bit;
    }
    if (virt.holders[index] == 0) {
        give_back(index);
        return;
    }
    virt.held++;
}

/* Handles one buffer from the driver. */
static void frame_received(net_buff_desc_t buffer)
{
    uint64_t offset = buffer.io_or_offset - config.data.io_addr;
    uint64_t index = offset / NET_BUFFER_SIZE;

    if (offset % NET_BUFFER_SIZE != 0 || index >= virt.buffers ||
        virt.holders[index] != 0) {
        stats_add(&virt.stats, BAD_DRIVER, 1);
        return;
    }
    if (buffer.len < NET_FRAME_MIN || buffer.len > NET_BUFFER_SIZE) {
        stats_add(&virt.stats, BAD_LENGTH, 1);
        give_back((uint32_t)index);
        return;
    }
    uint8_t *frame = (uint8_t *)config.data.region.vaddr + offset;

    /* The device wrote memory: drop what the cache had fetched before.  The
     * region is mapped read-only, so nothing can be written back over it. */
    if (dma_config.coherent == 0) {
        cache_clean_and_invalidate(
            (uintptr_t)frame, (uintptr_t)frame + buffer.len);
    }
    uint64_t targets = frame_targets(frame);
    if (targets == 0) {
        stats_add(&virt.stats, NO_CLIENT, 1);
        give_back((uint32_t)index);
        return;
    }
    deliver((uint32_t)index, buffer.len, targets);
}

/* Dispatches what the driver received. */
static void rx_return(void)
{
    net_queue_handle_t *q = &virt.driver;
    uint32_t ready = net_ring_ready(q->active, &q->active_out, q->capacity);

    for (;;) {
        for (uint32_t i = 0; i < ready; i++) {
            frame_received(net_ring_read(q->active, &q->active_out, i));
        }
        if (ready > 0) {
            net_ring_consume(q->active, &q->active_out, ready);
            stats_add(&virt.stats, PACKETS, ready);
        }
        net_request_signal_active(q);
        ready = net_ring_ready(q->active, &q->active_out, q->capacity);
        if (ready == 0) {
            return;
        }
        net_cancel_signal_active(q);
    }
}

/* Takes back one buffer from a client. */
static void buffer_returned(uint32_t client, net_buff_desc_t buffer)
{
    uint64_t index = buffer.io_or_offset / NET_BUFFER_SIZE;
    uint64_t bit = UINT64_C(1) << client;

    if (buffer.io_or_offset % NET_BUFFER_SIZE != 0 || index >= virt.buffers ||
        (virt.holders[index] & bit) == 0) {
        stats_add(&virt.stats, BAD_RETURN, 1);
        return;
    }
    virt.holders[index] &= ~bit;
    virt.held_by[client]--;
    if (virt.held_by[client] == 0) {
        virt.holding &= ~bit;
    }
    if (virt.holders[index] == 0) {
        virt.held--;
        give_back((uint32_t)index);
    }
}

/* Takes back what one client has returned so far; at most a queue full, so
 * that a client which never stops cannot keep us here. */
static void collect(uint32_t client)
{
    net_queue_handle_t *q = &virt.client[client];
    uint32_t ready = net_ring_ready(q->free, &q->free_out, q->capacity);

    for (uint32_t i = 0; i < ready; i++) {
        buffer_returned(client, net_ring_read(q->free, &q->free_out, i));
    }
    if (ready > 0) {
        net_ring_consume(q->free, &q->free_out, ready);
    }
}

/* Collects returned buffers; asks for signals while buffers are short. */
static void rx_provide(void)
{
    for (uint64_t mask = virt.holding; mask != 0; mask &= mask - 1) {
        collect(bits_lowest(mask));
    }
    bool short_of = virt.held >= virt.buffers / 2;
    for (uint64_t mask = virt.holding; mask != 0; mask &= mask - 1) {
        uint32_t client = bits_lowest(mask);

        if (!short_of) {
            net_cancel_signal_free(&virt.client[client]);
            continue;
        }
        net_request_signal_free(&virt.client[client]);
        collect(client); /* what came before the request was visible */
    }
}

/* Signals those who want to know. */
static void signal_neighbours(void)
{
    for (; virt.notify != 0; virt.notify &= virt.notify - 1) {
        uint32_t client = bits_lowest(virt.notify);

        if (net_require_signal_active(&virt.client[client])) {
            net_cancel_signal_active(&virt.client[client]);
            sddf_notify(config.clients[client].conn.id);
        }
    }
    if (virt.notify_driver && net_require_signal_free(&virt.driver)) {
        net_cancel_signal_free(&virt.driver);
        sddf_deferred_notify(config.driver.id);
    }
    virt.notify_driver = false;
}

/* Nonsense that the queues' handles have counted: summed up when there was
 * nothing else to do, and now and then. */
static void show_bad_peers(void)
{
    uint64_t bad_peer = net_queue_bad_peer(&virt.driver);

    for (uint32_t i = 0; i < config.num_clients; i++) {
        bad_peer += net_queue_bad_peer(&virt.client[i]);
    }
    stats_set(&virt.stats, BAD_PEER, bad_peer);
}

/** Frames from the driver, or buffers from a client. */
void notified(sddf_channel ch)
{
    (void)ch;
    if (virt.backlog_count > 0) {
        backlog_retry();
    }
    rx_return();
    rx_provide();
    bool idle = virt.notify == 0 && !virt.notify_driver;
    signal_neighbours();
    stats_set(&virt.stats, WITH_CLIENTS, virt.held);
    stats_set(&virt.stats, BACKLOG, virt.backlog_count);
    if (idle || ++virt.activations % 64 == 0) {
        show_bad_peers();
    }
}

/* Enters every client's addresses into the table. */
static void macs_init(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < config.num_clients; i++) {
        count += config.clients[i].num_macs;
    }
    CHECK(count <= MAC_TABLE_MAX);
    mac_table_init(&virt.macs, count);
    for (uint32_t i = 0; i < config.num_clients; i++) {
        for (uint32_t m = 0; m < config.clients[i].num_macs; m++) {
            const uint8_t *addr = config.clients[i].mac_addrs[m].addr;
            enum err err =
                mac_table_add(&virt.macs, mac_word(addr), (uint8_t)i);

            CHECK(err == ERR_OK);
        }
    }
}

/** Sets the queues up and gives all buffers to the driver. */
void init(void)
{
    CHECK(net_config_check_magic(&config));
    CHECK(config.num_clients <= SDDF_NET_MAX_CLIENTS);
    CHECK(config.driver.num_buffers <= BUFFERS_MAX);
    CHECK((uint64_t)config.driver.num_buffers * NET_BUFFER_SIZE <=
          config.data.region.size);

    virt.buffers = config.driver.num_buffers;
    stats_init(&virt.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    stats_set(&virt.stats, BUFFERS, virt.buffers);
    macs_init();
    for (uint32_t i = 0; i < config.num_clients; i++) {
        const net_connection_resource_t *conn = &config.clients[i].conn;

        net_queue_init(&virt.client[i], conn->free_queue.vaddr,
            conn->active_queue.vaddr, conn->num_buffers);
        net_cancel_signal_free(&virt.client[i]);
    }
    net_queue_init(&virt.driver, config.driver.free_queue.vaddr,
        config.driver.active_queue.vaddr, config.driver.num_buffers);
    for (uint32_t i = 0; i < virt.buffers; i++) {
        give_back(i);
    }
    notified(config.driver.id);
}
