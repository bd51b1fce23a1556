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
 * Signals.  Returned buffers are collected when frames arrive and clients hold
 * a batch of buffers; a client is asked to signal them only while clients hold
 * half of all buffers or more.
 *
 * Checksum offload.  Hints (hints.h) pass through.  The driver is told that they
 * are accepted, and may from then on deliver partial checksums, when every
 * client or its copier accepts them, because this component may not write to a
 * frame and so cannot complete a checksum.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/hints.h>
#include <sddf/network/queue.h>
#include <sddf/util/cache.h>
#include <sddf/util/config_check.h>
#include <sddf/util/state.h>
#include <sddf/util/stats.h>

#include "base/attr.h"
#include "sddf/network/mac_table.h"

#define BATCH 16 /* buffers to collect together, if there are many */

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

/* What every frame touches comes first: instructions reach it with offsets that
 * fit into them. */
struct virt {
    struct stats stats;
    net_queue_handle_t driver;
    struct net_batch give; /* buffers on their way to the driver */
    uintptr_t data;        /* the memory that the device writes: for us, ... */
    uint64_t io;           /* ... and for the device */
    uint32_t buffers;
    uint32_t batch;         /* buffers with clients from which to collect */
    uint32_t held;          /* buffers that clients hold */
    uint32_t backlog_count; /* free buffers the driver had no room for */
    uint32_t activations;   /* in which there was something to do */
    bool coherent;
    bool hints;        /* the driver knows that everybody accepts hints */
    uint64_t last_mac; /* the last address found, and its client */
    uint64_t last_target;
    uint64_t everybody; /* a bit per client */
    uint64_t holding;   /* clients that hold any buffer */
    uint64_t notify;    /* clients that got frames */
    uint64_t asked;     /* clients that shall signal buffers */
    uint32_t held_by[SDDF_NET_MAX_CLIENTS];
    net_queue_handle_t client[SDDF_NET_MAX_CLIENTS];
    uint64_t holders[NET_BUFFERS_MAX];
    uint16_t backlog[NET_BUFFERS_MAX];
    struct mac_table macs;
};

static struct virt virt;

/* Keeps a buffer if the driver's queue claims to be full (it has room for all
 * buffers, so only a broken driver makes it so).  True if it has room. */
COLD static bool give_back_later(struct virt *v, uint32_t index)
{
    if (queue_batch_used(&v->give.n) > 0) {
        net_batch_publish(&v->give);
    }
    v->give = net_batch_put_free(&v->driver);
    if (queue_batch_left(&v->give.n) > 0) {
        return true;
    }
    if (v->backlog_count == v->buffers) {
        stats_add(&v->stats, BAD_DRIVER, 1); /* it sends duplicates */
        return false;
    }
    v->backlog[v->backlog_count++] = (uint16_t)index;
    stats_set(&v->stats, BACKLOG, v->backlog_count);
    return false;
}

/* Gives a free buffer to the driver, as of driver_signal(). */
static inline void give_back(struct virt *v, uint32_t index)
{
    net_buff_desc_t buffer = { .io_or_offset =
                                   v->io + (uint64_t)index * NET_BUFFER_SIZE };

    if (queue_batch_left(&v->give.n) == 0 && !give_back_later(v, index)) {
        return;
    }
    net_batch_write(&v->give, buffer);
}

/* Tries again what give_back() had to keep. */
COLD static void backlog_retry(struct virt *v)
{
    uint32_t count = v->backlog_count;

    v->backlog_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        give_back(v, v->backlog[i]);
    }
    stats_set(&v->stats, BACKLOG, v->backlog_count);
}

/* The clients that a frame for another address than the last is for. */
NOINLINE static uint64_t targets_find(struct virt *v, uint64_t mac)
{
    if (mac_word_is_group(mac)) {
        stats_add(&v->stats, GROUP_PACKETS, 1);
        return v->everybody;
    }
    uint32_t client = mac_table_find(&v->macs, mac);
    if (client == MAC_TABLE_NONE) {
        return 0;
    }
    v->last_mac = mac;
    v->last_target = UINT64_C(1) << client;
    return v->last_target;
}

/* Counts a frame that nobody gets, and gives its buffer back. */
COLD static void frame_drop(
    struct virt *v, uint32_t index, enum counter counter)
{
    stats_add(&v->stats, counter, 1);
    give_back(v, index);
}

/* Frames in a row for one client. */
struct run {
    uint64_t mac;        /* their address; none at first */
    uint64_t target;     /* the client's bit; 0 at first */
    struct net_batch to; /* in its queue */
};

/* Shows the client what it got. */
static inline void run_end(struct virt *v, struct run *run)
{
    if (run->target == 0 || queue_batch_used(&run->to.n) == 0) {
        return;
    }
    uint32_t given = queue_batch_used(&run->to.n);
    net_batch_publish(&run->to);
    v->held_by[bits_lowest(run->target)] += given;
    v->held += given;
    v->holding |= run->target;
    v->notify |= run->target;
}

/* Begins a run for the only client in `targets`. */
static inline struct run run_begin(
    struct virt *v, uint64_t mac, uint64_t targets)
{
    net_queue_handle_t *q = state_address(&v->client[bits_lowest(targets)]);

    return (struct run){
        .mac = mac, .target = targets, .to = net_batch_put_active(q)
    };
}

/* Passes a buffer to each client in `targets` that has room. */
COLD static void deliver_to_group(
    struct virt *v, uint32_t index, net_buff_desc_t buffer, uint64_t targets)
{
    uint64_t holders = 0;

    for (; targets != 0; targets &= targets - 1) {
        uint32_t client = bits_lowest(targets);

        if (net_enqueue_active(&v->client[client], buffer) != 0) {
            stats_add(&v->stats, CLIENT_FULL, 1);
            continue;
        }
        v->held_by[client]++;
        holders |= UINT64_C(1) << client;
    }
    if (holders == 0) {
        give_back(v, index);
        return;
    }
    v->holders[index] = holders; /* there were none */
    v->holding |= holders;
    v->notify |= holders;
    v->held++;
}

/* Passes a buffer to the client of the run. */
static inline void deliver(
    struct virt *v, struct run *run, uint32_t index, net_buff_desc_t buffer)
{
    if (queue_batch_left(&run->to.n) == 0) {
        stats_add(&v->stats, CLIENT_FULL, 1); /* it broke its queue */
        give_back(v, index);
        return;
    }
    net_batch_write(&run->to, buffer);
    v->holders[index] = run->target; /* there were none */
}

/* Delivers a frame for somebody else than the one before.  Returns the run
 * that is then going on. */
static inline struct run deliver_first(struct virt *v, struct run *before,
    uint64_t mac, uint32_t index, net_buff_desc_t buffer)
{
    uint64_t targets =
        mac == v->last_mac ? v->last_target : targets_find(v, mac);
    struct run run = { .mac = UINT64_MAX };

    run_end(v, before);
    if (targets == 0) {
        frame_drop(v, index, NO_CLIENT);
    } else if (mac_word_is_group(mac)) {
        deliver_to_group(v, index, buffer, targets);
    } else {
        run = run_begin(v, mac, targets);
        deliver(v, &run, index, buffer);
    }
    return run;
}

/* Handles one buffer from the driver. */
static inline void frame_received(
    struct virt *v, struct run *run, net_buff_desc_t buffer)
{
    uint64_t offset = buffer.io_or_offset - v->io;
    uint64_t index = offset / NET_BUFFER_SIZE;

    if (offset % NET_BUFFER_SIZE != 0 || index >= v->buffers ||
        v->holders[index] != 0) {
        stats_add(&v->stats, BAD_DRIVER, 1);
        return;
    }
    if (buffer.len < NET_FRAME_MIN || buffer.len > NET_BUFFER_SIZE) {
        frame_drop(v, (uint32_t)index, BAD_LENGTH);
        return;
    }
    uint8_t *frame = (uint8_t *)(v->data + offset);

    /* The device wrote memory: drop what the cache had fetched before.  The
     * region is mapped read-only, so nothing can be written back over it. */
    if (!v->coherent) {
        cache_clean_and_invalidate(
            (uintptr_t)frame, (uintptr_t)frame + buffer.len);
    }
    uint64_t mac = mac_word_of_frame(frame);
    net_buff_desc_t full = { .io_or_offset = offset, .len = buffer.len };
    if (net_hint_is_meant(&v->driver, buffer)) {
        net_hint_copy(&full, buffer);
    }
    if (mac == run->mac) {
        deliver(v, run, (uint32_t)index, full);
    } else {
        *run = deliver_first(v, run, mac, (uint32_t)index, full);
    }
}

/* Dispatches what the driver received. */
static inline void rx_return(struct virt *v)
{
    net_queue_handle_t *q = &v->driver;

    for (;;) {
        struct net_batch from = net_batch_take_active(q);
        uint32_t ready = queue_batch_left(&from.n);
        struct run run = { .mac = UINT64_MAX };

        while (queue_batch_left(&from.n) > 0) {
            frame_received(v, &run, net_batch_read(&from));
        }
        run_end(v, &run);
        if (ready > 0) {
            net_batch_publish(&from);
            stats_add(&v->stats, PACKETS, ready);
        }
        net_request_signal_active(q);
        if (net_queue_empty_active(q)) {
            return;
        }
        net_cancel_signal_active(q);
    }
}

/* Counts a buffer that a client returned without having it. */
COLD static void return_refuse(struct virt *v, uint32_t client)
{
    stats_add(&v->stats, BAD_RETURN, 1);
    v->held_by[client]++; /* collect() had counted it as returned */
}

/* Takes back one buffer from a client. */
static inline void buffer_returned(
    struct virt *v, uint32_t client, net_buff_desc_t buffer)
{
    uint64_t index = buffer.io_or_offset / NET_BUFFER_SIZE;
    uint64_t bit = UINT64_C(1) << client;

    if (buffer.io_or_offset % NET_BUFFER_SIZE != 0 || index >= v->buffers) {
        return_refuse(v, client);
        return;
    }
    uint64_t holders = v->holders[index];
    if ((holders & bit) == 0) {
        return_refuse(v, client);
        return;
    }
    v->holders[index] = holders & ~bit;
    if (holders == bit) {
        v->held--;
        give_back(v, (uint32_t)index);
    }
}

/* Takes back what one client has returned so far; at most a queue full, so
 * that a client which never stops cannot keep us here. */
static void collect(struct virt *v, uint32_t client)
{
    net_queue_handle_t *q = state_address(&v->client[client]);
    struct net_batch from = net_batch_take_free(q);

    if (queue_batch_left(&from.n) == 0) {
        return;
    }
    v->held_by[client] -= queue_batch_left(&from.n);
    while (queue_batch_left(&from.n) > 0) {
        buffer_returned(v, client, net_batch_read(&from));
    }
    net_batch_publish(&from);
    if (v->held_by[client] == 0) {
        v->holding &= ~(UINT64_C(1) << client);
    }
}

/* Asks every client that holds buffers to signal what it returns. */
static void returns_request(struct virt *v)
{
    for (uint64_t mask = v->holding; mask != 0; mask &= mask - 1) {
        uint32_t client = bits_lowest(mask);

        net_request_signal_free(&v->client[client]);
        v->asked |= UINT64_C(1) << client;
        collect(v, client); /* what came before the request was visible */
    }
}

/* No buffers are short any more. */
static void returns_cancel(struct virt *v)
{
    for (; v->asked != 0; v->asked &= v->asked - 1) {
        net_cancel_signal_free(&v->client[bits_lowest(v->asked)]);
    }
}

/* Collects returned buffers; asks for signals while buffers are short. */
NOINLINE static void rx_provide(struct virt *v)
{
    for (uint64_t mask = v->holding; mask != 0; mask &= mask - 1) {
        collect(v, bits_lowest(mask));
    }
    if (v->held >= v->buffers / 2) {
        returns_request(v);
    } else {
        returns_cancel(v);
    }
}

/* Signals the clients that got frames. */
static inline void clients_signal(struct virt *v)
{
    for (uint64_t mask = v->notify; mask != 0; mask &= mask - 1) {
        uint32_t client = bits_lowest(mask);
        net_queue_handle_t *q = state_address(&v->client[client]);

        if (net_require_signal_active(q)) {
            net_cancel_signal_active(q);
            sddf_notify(config.clients[client].conn.id);
        }
    }
    v->notify = 0;
}

/* Shows the driver its buffers, and signals it if it wants to know. */
NOINLINE static void driver_signal(struct virt *v)
{
    net_batch_publish(&v->give);
    if (net_require_signal_free(&v->driver)) {
        net_cancel_signal_free(&v->driver);
        sddf_deferred_notify(config.driver.id);
    }
}

/* Nonsense that the queues' handles have counted: summed up when there was
 * nothing else to do, and now and then. */
COLD static void show_bad_peers(struct virt *v)
{
    uint64_t bad_peer = net_queue_bad_peer(&v->driver);

    for (uint32_t i = 0; i < config.num_clients; i++) {
        bad_peer += net_queue_bad_peer(&v->client[i]);
    }
    stats_set(&v->stats, BAD_PEER, bad_peer);
}

/* Tells the driver, once, that everybody accepts hints, if it has any.  Clients
 * signal when they begin to. */
COLD static void hints_begin(struct virt *v)
{
    if (v->hints || !net_hints_offered(&v->driver)) {
        return;
    }
    for (uint32_t i = 0; i < config.num_clients; i++) {
        if (!net_hints_accepted(&v->client[i])) {
            return;
        }
    }
    v->hints = true;
    net_hints_accept(&v->driver, true);
    sddf_notify(config.driver.id);
}

/** Frames from the driver, or buffers from a client. */
void notified(sddf_channel ch)
{
    struct virt *v = state_address(&virt);
    bool idle = true;

    (void)ch;
    if (v->backlog_count > 0) {
        backlog_retry(v);
    }
    rx_return(v);
    if (v->held >= v->batch) {
        rx_provide(v);
    }
    if (v->notify != 0) {
        clients_signal(v);
        idle = false;
    }
    if (queue_batch_used(&v->give.n) > 0) {
        driver_signal(v);
        idle = false;
    }
    stats_set(&v->stats, WITH_CLIENTS, v->held);
    if (idle || ++v->activations % 64 == 0) {
        show_bad_peers(v);
        hints_begin(v);
    }
}

/* The configuration's section, in messages. */
static const char section[] = "net_virt_rx_config";

static void config_check(void)
{
    const net_connection_resource_t *driver = &config.driver;

    config_require(net_config_check_magic(&config), section, "magic");
    config_require(
        config.num_clients <= SDDF_NET_MAX_CLIENTS, section, "num_clients");
    config_require(queue_capacity_ok(driver->num_buffers, QUEUE_WRAP_16) &&
                       driver->num_buffers <= NET_BUFFERS_MAX,
        section, "driver.num_buffers");
    config_require((uint64_t)driver->num_buffers * NET_BUFFER_SIZE <=
                       config.data.region.size,
        section, "data.size");
    for (uint32_t i = 0; i < config.num_clients; i++) {
        const net_virt_rx_client_config_t *c = &config.clients[i];

        config_require(queue_capacity_ok(c->conn.num_buffers, QUEUE_WRAP_16),
            section, "clients.num_buffers");
        config_require(
            c->num_macs <= SDDF_NET_MAX_CLIENTS, section, "clients.num_macs");
    }
}

_Static_assert(SDDF_NET_MAX_CLIENTS *SDDF_NET_MAX_CLIENTS <= MAC_TABLE_MAX,
    "every client's addresses fit");

/* Enters every client's addresses into the table. */
static void macs_init(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < config.num_clients; i++) {
        count += config.clients[i].num_macs;
    }
    mac_table_init(&virt.macs, count);
    for (uint32_t i = 0; i < config.num_clients; i++) {
        for (uint32_t m = 0; m < config.clients[i].num_macs; m++) {
            const uint8_t *addr = config.clients[i].mac_addrs[m].addr;
            enum err err =
                mac_table_add(&virt.macs, mac_word(addr), (uint8_t)i);

            config_require(err == ERR_OK, section, "clients.mac_addrs");
        }
    }
}

/** Sets the queues up and gives all buffers to the driver. */
void init(void)
{
    config_check();
    virt.buffers = config.driver.num_buffers;
    virt.batch = virt.buffers / 8 < BATCH ? virt.buffers / 8 : BATCH;
    virt.data = (uintptr_t)config.data.region.vaddr;
    virt.io = config.data.io_addr;
    virt.coherent = dma_config.coherent != 0;
    virt.last_mac = UINT64_MAX; /* not an address */
    stats_init(&virt.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    stats_set(&virt.stats, BUFFERS, virt.buffers);
    macs_init();
    for (uint32_t i = 0; i < config.num_clients; i++) {
        const net_connection_resource_t *conn = &config.clients[i].conn;

        net_queue_init(&virt.client[i], conn->free_queue.vaddr,
            conn->active_queue.vaddr, conn->num_buffers);
        net_cancel_signal_free(&virt.client[i]);
        net_hints_offer(&virt.client[i], true);
        virt.everybody |= UINT64_C(1) << i;
    }
    net_queue_init(&virt.driver, config.driver.free_queue.vaddr,
        config.driver.active_queue.vaddr, config.driver.num_buffers);
    virt.give = net_batch_put_free(&virt.driver);
    for (uint32_t i = 0; i < virt.buffers; i++) {
        give_back(&virt, i);
    }
    notified(config.driver.id);
}
