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
 * Sent buffers are returned a batch at a time, at once while some client has
 * half of its buffers on the way, or frames wait for room.
 *
 * Signals.  The driver is asked to signal returned buffers only while some
 * client has half of its buffers on the way, or frames wait for room; it then
 * also turns its Tx interrupts on.  The request is made before the driver is
 * signalled about new frames, so that the driver finds it.
 *
 * Checksum offload.  A client's hint (hints.h) passes through with its frame.
 * Clients are told that hints are accepted when the driver accepts them.
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
#include "sddf/network/tx_regions.h"

#define ROUND 32 /* frames of one client before it is another's turn */
#define BATCH 16 /* sent buffers to return together, if there are many */

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
    const net_virt_tx_client_config_t *config;
    uint64_t bit;                         /* in masks of clients */
    uint32_t buffers;                     /* of all its regions */
    uint32_t with_driver;                 /* of them on the way */
    uint32_t first[SDDF_NET_MAX_CLIENTS]; /* first buffer of each region */
};

/* What every frame touches comes first: instructions reach it with offsets that
 * fit into them. */
struct virt {
    struct stats stats;
    net_queue_handle_t driver;
    uint32_t with_driver;
    uint32_t batch;       /* buffers on the way from which to return some */
    uint32_t activations; /* in which there was something to do */
    uint8_t driver_id;    /* its channel */
    bool coherent;
    bool blocked;            /* frames wait for room in the driver's queue */
    bool sent;               /* the driver got frames */
    bool asked;              /* the driver shall signal sent buffers */
    bool hints;              /* clients know that hints are accepted */
    uint64_t everybody;      /* a bit per client */
    uint64_t returned;       /* clients that got buffers back */
    uint64_t low;            /* clients with half of their buffers on the way */
    uint64_t on_channel[64]; /* clients that signal there */
    struct client client[SDDF_NET_MAX_CLIENTS];
    struct tx_regions regions;
};

static struct virt virt;

/* Notes that the driver has `with_driver` buffers of a client. */
static inline void count_on_the_way(
    struct virt *v, struct client *c, uint32_t with_driver)
{
    c->with_driver = with_driver;
    v->low = 2 * with_driver >= c->buffers ? v->low | c->bit : v->low & ~c->bit;
}

/* --- From clients to the driver --------------------------------------------- */

/* Counts a descriptor that is no frame to be sent. */
COLD static void frame_refuse(struct virt *v, enum counter counter)
{
    stats_add(&v->stats, counter, 1);
}

/* Gives a buffer with a bad length back to its client.  Only a client that
 * broke its own queue has no room for a buffer of its own. */
COLD static void frame_return(
    struct virt *v, struct client *c, net_buff_desc_t buffer)
{
    buffer.len = 0;
    stats_add(&v->stats, BAD_LENGTH, 1);
    if (net_enqueue_free(&c->queue, buffer) != 0) {
        frame_refuse(v, CLIENT_FULL);
        return;
    }
    v->returned |= c->bit;
}

/* Writes one frame to the driver's batch `to`, if it is fit to be sent. */
static inline void frame_send(struct virt *v, struct client *c,
    net_buff_desc_t buffer, struct net_batch *to)
{
    const net_virt_tx_data_region_t *region = &c->config->regions[buffer.oid];
    uint64_t index = buffer.io_or_offset / NET_BUFFER_SIZE;

    if (buffer.oid >= c->config->num_regions ||
        buffer.io_or_offset % NET_BUFFER_SIZE != 0 ||
        index >= region->num_buffers) {
        frame_refuse(v, BAD_BUFFER);
        return;
    }
    uint32_t number = c->first[buffer.oid] + (uint32_t)index;
    if (tx_buffer_given(&v->regions, number)) {
        frame_refuse(v, DUPLICATE);
        return;
    }
    if (buffer.len == 0 || buffer.len > NET_BUFFER_SIZE) {
        frame_return(v, c, buffer);
        return;
    }
    tx_buffer_give(&v->regions, number);
    if (!v->coherent) {
        uintptr_t frame =
            (uintptr_t)region->data.region.vaddr + buffer.io_or_offset;

        cache_clean(frame, frame + buffer.len);
    }
    if (__builtin_expect(buffer.checksum != NET_CHECKSUM_NONE, false) &&
        !net_hints_offered(&c->queue)) {
        buffer.checksum = NET_CHECKSUM_NONE; /* not a hint: padding */
    }
    buffer.io_or_offset += region->data.io_addr;
    net_batch_write(to, buffer);
}

/* Sends the frames of a batch, as far as they are fit. */
static inline void frames_send(struct virt *v, struct client *c,
    struct net_batch *from, struct net_batch *to)
{
    while (queue_batch_left(&from->n) > 0) {
        frame_send(v, c, net_batch_read(from), to);
    }
    net_batch_publish(from);
    uint32_t sent = queue_batch_used(&to->n);
    if (sent > 0) {
        net_batch_publish(to);
        v->with_driver += sent;
        count_on_the_way(v, c, c->with_driver + sent);
        stats_add(&v->stats, PACKETS, sent);
        v->sent = true;
    }
}

/* Takes up to ROUND frames of one client.  Returns true if it should have
 * another turn. */
static inline bool client_turn(struct virt *v, struct client *c)
{
    struct net_batch from = net_batch_take_active(&c->queue);
    uint32_t ready = queue_batch_left(&from.n);

    if (ready == 0) {
        return false;
    }
    /* never more than fit into the driver's free queue when it returns all */
    struct net_batch to = net_batch_put_active(&v->driver);
    queue_batch_restrict(&to.n, v->driver.capacity - v->with_driver);
    queue_batch_restrict(&from.n, ROUND);
    if (queue_batch_left(&from.n) > queue_batch_left(&to.n)) {
        queue_batch_restrict(&from.n, queue_batch_left(&to.n));
        v->blocked = true;
        stats_add(&v->stats, DRIVER_FULL, 1);
    }
    uint32_t count = queue_batch_left(&from.n);
    if (count > 0) {
        frames_send(v, c, &from, &to);
    }
    return count > 0 && count < ready;
}

/* Serves the clients in `turn` until each queue is empty, or the driver's is
 * full.  After the first round everybody is looked at, so that one who never
 * stops keeps nobody waiting. */
static inline __attribute__((always_inline)) void tx_provide(
    struct virt *v, uint64_t turn)
{
    v->blocked = false;
    while (turn != 0) {
        uint64_t again = 0;

        for (; turn != 0; turn &= turn - 1) {
            struct client *c = state_address(&v->client[bits_lowest(turn)]);

            if (client_turn(v, c)) {
                again = v->everybody;
                continue;
            }
            if (v->blocked) {
                return;
            }
            net_request_signal_active(&c->queue);
            if (!net_queue_empty_active(&c->queue)) {
                net_cancel_signal_active(&c->queue);
                again |= c->bit;
            }
        }
        turn = again;
    }
}

/* The same out of line, for the path that is seldom taken. */
NOINLINE static void tx_provide_again(struct virt *v)
{
    tx_provide(v, v->everybody);
}

/* --- From the driver to clients ---------------------------------------------- */

/* Buffers of one region that come back in a row. */
struct run {
    const struct tx_region *region; /* NULL: none yet */
    struct client *client;
    uint32_t taken;
    struct net_batch to; /* fewer than taken if its queue has no room */
};

/* Shows a client the buffers of its run. */
static inline void run_end(struct virt *v, struct run *run)
{
    struct client *c = run->client;

    if (run->taken == 0) {
        return;
    }
    v->with_driver -= run->taken;
    count_on_the_way(v, c, c->with_driver - run->taken);
    if (queue_batch_used(&run->to.n) > 0) {
        net_batch_publish(&run->to);
        v->returned |= c->bit;
    }
}

/* Begins a run. */
static inline struct run run_begin(
    struct virt *v, const struct tx_region *region)
{
    struct client *c = state_address(&v->client[region->client]);

    return (struct run){
        .region = region, .client = c, .to = net_batch_put_free(&c->queue)
    };
}

/* Returns one sent buffer to its owner. */
static inline void buffer_sent(
    struct virt *v, struct run *run, net_buff_desc_t buffer)
{
    uint64_t at = buffer.io_or_offset;

    if (run->region == NULL || !tx_region_holds(run->region, at)) {
        const struct tx_region *region = tx_regions_find(&v->regions, at);

        if (region == NULL) {
            stats_add(&v->stats, BAD_DRIVER, 1);
            return;
        }
        run_end(v, run);
        *run = run_begin(v, region);
    }
    if (!tx_buffer_take(&v->regions, tx_buffer_number(run->region, at))) {
        stats_add(&v->stats, BAD_DRIVER, 1);
        return;
    }
    run->taken++;
    /* Only a client that broke its own queue has no room for its buffer. */
    if (queue_batch_left(&run->to.n) == 0) {
        stats_add(&v->stats, CLIENT_FULL, 1);
        return;
    }
    net_buff_desc_t back = { .io_or_offset = at - run->region->io_addr };
    back.oid = (uint8_t)(run->region->oid & 63u) & 63u;
    net_batch_write(&run->to, back);
}

/* Returns sent buffers, at most a queue full. */
NOINLINE static void tx_return(struct virt *v)
{
    struct net_batch from = net_batch_take_free(&v->driver);
    struct run run = { .region = NULL };

    if (queue_batch_left(&from.n) == 0) {
        return;
    }
    while (queue_batch_left(&from.n) > 0) {
        buffer_sent(v, &run, net_batch_read(&from));
    }
    run_end(v, &run);
    net_batch_publish(&from);
}

/* Waits for sent buffers; returns what came before that was visible. */
NOINLINE static void returns_request(struct virt *v)
{
    v->asked = true;
    net_request_signal_free(&v->driver);
    tx_return(v);
    if (v->blocked) {
        tx_provide_again(v); /* into room that came meanwhile */
    }
}

/* Signals the clients that got buffers back. */
NOINLINE static void clients_signal(struct virt *v)
{
    for (; v->returned != 0; v->returned &= v->returned - 1) {
        uint32_t client = bits_lowest(v->returned);
        net_queue_handle_t *q = &v->client[client].queue;

        if (net_require_signal_free(q)) {
            net_cancel_signal_free(q);
            sddf_notify(config.clients[client].conn.id);
        }
    }
}

/* Signals the driver, if it wants to know of frames. */
static inline void driver_signal(struct virt *v)
{
    if (net_require_signal_active(&v->driver)) {
        net_cancel_signal_active(&v->driver);
        sddf_deferred_notify(config.driver.id);
    }
}

/* Nonsense that the queues' handles have counted: summed up when there was
 * nothing else to do, and now and then. */
COLD static void show_bad_peers(struct virt *v)
{
    uint64_t bad_peer = net_queue_bad_peer(&v->driver);

    for (uint32_t i = 0; i < config.num_clients; i++) {
        bad_peer += net_queue_bad_peer(&v->client[i].queue);
    }
    stats_set(&v->stats, BAD_PEER, bad_peer);
}

/* Tells the clients, once, that the driver accepts hints. */
COLD static void hints_begin(struct virt *v)
{
    if (v->hints || !net_hints_accepted(&v->driver)) {
        return;
    }
    v->hints = true;
    for (uint32_t i = 0; i < config.num_clients; i++) {
        net_hints_accept(&v->client[i].queue, true);
    }
}

/** Frames from a client, or buffers from the driver. */
void notified(sddf_channel ch)
{
    struct virt *v = state_address(&virt);
    bool idle = true;

    if (v->with_driver >= v->batch || v->low != 0 || ch == v->driver_id) {
        tx_return(v);
    }
    tx_provide(v, v->blocked ? v->everybody : v->on_channel[ch & 63]);
    if (v->low != 0 || v->blocked) {
        returns_request(v);
    } else if (v->asked) {
        v->asked = false;
        net_cancel_signal_free(&v->driver);
    }
    if (v->returned != 0) {
        clients_signal(v);
        idle = false;
    }
    if (v->sent) {
        v->sent = false;
        driver_signal(v);
        idle = false;
    }
    stats_set(&v->stats, WITH_DRIVER, v->with_driver);
    if (idle || ++v->activations % 64 == 0) {
        show_bad_peers(v);
        hints_begin(v);
    }
}

/* The configuration's section, in messages. */
static const char section[] = "net_virt_tx_config";

static void config_check_client(const net_virt_tx_client_config_t *c)
{
    config_require(queue_capacity_ok(c->conn.num_buffers, QUEUE_WRAP_16),
        section, "clients.num_buffers");
    config_require(
        c->num_regions <= SDDF_NET_MAX_CLIENTS, section, "clients.num_regions");
    for (uint8_t oid = 0; oid < c->num_regions; oid++) {
        const net_virt_tx_data_region_t *region = &c->regions[oid];

        config_require((uint64_t)region->num_buffers * NET_BUFFER_SIZE <=
                           region->data.region.size,
            section, "clients.regions.num_buffers");
    }
}

static void config_check(void)
{
    config_require(net_config_check_magic(&config), section, "magic");
    config_require(
        config.num_clients <= SDDF_NET_MAX_CLIENTS, section, "num_clients");
    config_require(queue_capacity_ok(config.driver.num_buffers, QUEUE_WRAP_16),
        section, "driver.num_buffers");
    for (uint8_t i = 0; i < config.num_clients; i++) {
        config_check_client(&config.clients[i]);
    }
}

/* Enters a client's regions into the table. */
static void client_init(uint8_t index)
{
    const net_virt_tx_client_config_t *c = &config.clients[index];
    struct client *client = &virt.client[index];

    client->config = c;
    client->bit = UINT64_C(1) << index;
    net_queue_init(&client->queue, c->conn.free_queue.vaddr,
        c->conn.active_queue.vaddr, c->conn.num_buffers);
    for (uint8_t oid = 0; oid < c->num_regions; oid++) {
        const net_virt_tx_data_region_t *region = &c->regions[oid];

        client->first[oid] = virt.regions.buffers;
        client->buffers += region->num_buffers;
        enum err err = tx_regions_add(&virt.regions, region->data.io_addr,
            region->num_buffers, index, oid);
        config_require(err == ERR_OK, section, "clients.regions");
    }
    virt.everybody |= client->bit;
    virt.on_channel[c->conn.id & 63] |= client->bit;
}

/** Sets the queues up and takes what is there already. */
void init(void)
{
    config_check();
    stats_init(&virt.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    net_queue_init(&virt.driver, config.driver.free_queue.vaddr,
        config.driver.active_queue.vaddr, config.driver.num_buffers);
    net_hints_offer(&virt.driver, true);
    for (uint8_t i = 0; i < config.num_clients; i++) {
        client_init(i);
    }
    stats_set(&virt.stats, BUFFERS, virt.regions.buffers);
    virt.batch = config.driver.num_buffers / 8 < BATCH
                     ? config.driver.num_buffers / 8
                     : BATCH;
    virt.driver_id = config.driver.id;
    virt.coherent = dma_config.coherent != 0;
    virt.asked = true;   /* unless we say no */
    virt.blocked = true; /* look at everybody */
    notified(config.driver.id);
}
