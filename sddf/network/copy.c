/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive copier: moves a client's frames out of the memory that the device
 * writes, into the client's own.
 *
 *     virt_rx --active--> [copy] --active--> client
 *     virt_rx <---free---        <---free--- client
 *
 * The client never sees other clients' frames, and a client that does not
 * return its buffers loses its own frames only: without an empty buffer of
 * the client's, a frame is dropped and its buffer goes back at once.
 *
 * Checksum offload.  A client that accepts hints (hints.h) gets them; for any
 * other a partial checksum is completed here.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/hints.h>
#include <sddf/network/queue.h>
#include <sddf/util/config_check.h>
#include <sddf/util/state.h>
#include <sddf/util/stats.h>

#include "base/attr.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/range.h"

__attribute__((__section__(".net_copy_config"))) net_copy_config_t config;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

enum counter {
    PACKETS,
    BYTES,
    NO_BUFFER,
    BAD_CLIENT,
    BAD_VIRT,
    BAD_PEER,
    COUNTERS
};

static const char *const counter_names[COUNTERS] = {
    "packets",
    "bytes",
    "no_buffer",
    "bad_client",
    "bad_virt",
    "bad_peer",
};

struct copier {
    struct stats stats;
    net_queue_handle_t virt;
    net_queue_handle_t client;
    uintptr_t to;         /* the client's region, ... */
    uint64_t to_size;     /* ... in bytes */
    uint32_t copied;      /* frames the client got in this activation */
    uint32_t activations; /* in which there was something to do */
};

static struct copier copier;

/* A pass over the client's queues: its empty buffers, no more than there is
 * room for in its active queue, and what was filled. */
struct pass {
    struct net_batch from;
    struct net_batch to;
    uint32_t bytes;
};

static inline struct pass pass_begin(struct copier *c)
{
    struct pass pass = { .from = net_batch_take_free(&c->client),
        .to = net_batch_put_active(&c->client) };

    queue_batch_restrict(&pass.from.n, queue_batch_left(&pass.to.n));
    return pass;
}

/* Shows the client what was done. */
static inline void pass_end(struct copier *c, struct pass *pass)
{
    uint32_t copied = queue_batch_used(&pass->to.n);

    if (queue_batch_used(&pass->from.n) > 0) {
        net_batch_publish(&pass->from);
    }
    if (copied > 0) {
        net_batch_publish(&pass->to);
        stats_add(&c->stats, PACKETS, copied);
        stats_add(&c->stats, BYTES, pass->bytes);
        c->copied += copied;
    }
}

/* Looks for more buffers in the middle of a pass. */
COLD static struct pass pass_renew(struct copier *c, struct pass pass)
{
    pass_end(c, &pass);
    pass = pass_begin(c);
    if (queue_batch_left(&pass.from.n) == 0) {
        /* a full active queue with buffers to spare: it broke its queue */
        stats_add(&c->stats,
            net_queue_empty_free(&c->client) ? NO_BUFFER : BAD_CLIENT, 1);
    }
    return pass;
}

/* Takes an empty buffer of the client's; false if there is none.  At most a
 * queue full of wrong ones is skipped. */
static inline bool client_buffer(
    struct copier *c, struct pass *pass, net_buff_desc_t *buffer)
{
    uint32_t bad = 0;

    do {
        if (queue_batch_left(&pass->from.n) == 0) {
            *pass = pass_renew(c, *pass);
            if (queue_batch_left(&pass->from.n) == 0) {
                return false;
            }
        }
        *buffer = net_batch_read(&pass->from);
        if (buffer->io_or_offset % NET_BUFFER_SIZE == 0 &&
            range_contains(c->to_size, buffer->io_or_offset, NET_BUFFER_SIZE)) {
            return true;
        }
        stats_add(&c->stats, BAD_CLIENT, 1);
        bad++;
    } while (bad < c->client.capacity);
    stats_add(&c->stats, NO_BUFFER, 1);
    return false;
}

/* Completes a partial checksum (RFC 1071): the field holds the sum of the pseudo
 * header and is part of what is summed.  Zero would mean "none" in UDP. */
COLD static void checksum_complete(uint8_t *frame, net_buff_desc_t hint)
{
    uint32_t field = (uint32_t)hint.checksum_start + hint.checksum_offset;
    uint32_t sum = 0;
    uint32_t at = hint.checksum_start;

    for (; at + 1 < hint.len; at += 2) {
        sum += load_be16(frame + at);
    }
    if (at < hint.len) {
        sum += (uint32_t)frame[at] << 8;
    }
    sum = (sum & 0xffff) + (sum >> 16); /* 1024 words: two folds are enough */
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~sum & 0xffff;
    store_be16(frame + field, (uint16_t)(sum == 0 ? 0xffff : sum));
}

/* Copies a frame into the client's buffer `to`. */
static inline void frame_put(struct copier *c, struct pass *pass,
    const uint8_t *source, net_buff_desc_t to)
{
    net_batch_write(&pass->to, to);
    pass->bytes += to.len;
    memcpy((uint8_t *)(c->to + to.io_or_offset), source, to.len);
}

/* The descriptor `to` with the hint of a frame, if it is one and the client
 * accepts it. */
NOINLINE static net_buff_desc_t hint_pass_on(
    struct copier *c, net_buff_desc_t to, net_buff_desc_t frame)
{
    if (net_hints_offered(&c->virt) && net_hints_accepted(&c->client)) {
        net_hint_copy(&to, frame);
    }
    return to;
}

/* Does for a client that accepts no hints what it cannot: completes the partial
 * checksum of the frame in its buffer. */
COLD static void hint_complete(
    struct copier *c, net_buff_desc_t to, net_buff_desc_t frame)
{
    if (net_hints_offered(&c->virt) && net_hint_fits(frame)) {
        checksum_complete((uint8_t *)(c->to + to.io_or_offset), frame);
    }
}

/* Copies one frame to the client, if there is a buffer for it. */
static inline void frame_copy(
    struct copier *c, struct pass *pass, net_buff_desc_t frame)
{
    const region_resource_t *from = &config.rx_data[frame.oid];
    net_buff_desc_t buffer;

    /* Is it inside a region that we may read? */
    if (from->vaddr == NULL || frame.len > NET_BUFFER_SIZE ||
        !range_contains(from->size, frame.io_or_offset, frame.len)) {
        stats_add(&c->stats, BAD_VIRT, 1);
        return;
    }
    if (!client_buffer(c, pass, &buffer)) {
        return;
    }
    net_buff_desc_t full = { .io_or_offset = buffer.io_or_offset,
        .len = frame.len };
    const uint8_t *source = (const uint8_t *)from->vaddr + frame.io_or_offset;
    if (__builtin_expect(frame.checksum == NET_CHECKSUM_NONE, true)) {
        frame_put(c, pass, source, full);
        return;
    }
    full = hint_pass_on(c, full, frame);
    frame_put(c, pass, source, full);
    if (frame.checksum == NET_CHECKSUM_PARTIAL &&
        full.checksum != NET_CHECKSUM_PARTIAL) {
        hint_complete(c, full, frame);
    }
}

/* Copies the frames of a batch and returns their buffers. */
static inline void frames_copy(
    struct copier *c, struct net_batch *from, struct net_batch *back)
{
    struct pass pass = pass_begin(c);

    while (queue_batch_left(&from->n) > 0) {
        net_buff_desc_t frame = net_batch_read(from);

        net_batch_write(back, frame);
        frame_copy(c, &pass, frame);
    }
    pass_end(c, &pass);
    net_batch_publish(from);
    net_batch_publish(back);
}

/* Tells the client about frames. */
static inline void client_signal(struct copier *c)
{
    if (net_require_signal_active(&c->client)) {
        net_cancel_signal_active(&c->client);
        sddf_notify(config.client.id);
    }
}

/* Tells the virtualiser about buffers. */
static inline void virt_signal(struct copier *c)
{
    if (net_require_signal_free(&c->virt)) {
        net_cancel_signal_free(&c->virt);
        sddf_deferred_notify(config.rx.id);
    }
}

COLD static void show_bad_peers(struct copier *c)
{
    stats_set(&c->stats, BAD_PEER,
        net_queue_bad_peer(&c->client) + net_queue_bad_peer(&c->virt));
}

/** Frames from the virtualiser: copies all that is there, then asks to be told
 *  about more. */
void notified(sddf_channel ch)
{
    struct copier *c = state_address(&copier);
    net_queue_handle_t *q = &c->virt;
    bool returned = false;

    (void)ch;
    for (;;) {
        struct net_batch from = net_batch_take_active(q);
        struct net_batch back = net_batch_put_free(q);
        uint32_t ready = queue_batch_left(&from.n);

        queue_batch_restrict(&from.n, queue_batch_left(&back.n));
        uint32_t count = queue_batch_left(&from.n);
        if (count > 0) {
            frames_copy(c, &from, &back);
            returned = true;
        }
        net_request_signal_active(q);
        if (count < ready || net_queue_empty_active(q)) {
            break;
        }
        net_cancel_signal_active(q);
    }
    if (c->copied > 0) {
        c->copied = 0;
        client_signal(c);
    }
    if (returned) {
        virt_signal(c);
    }
    /* nonsense is summed up when there was nothing to do, and now and then */
    if (!returned || ++c->activations % 64 == 0) {
        show_bad_peers(c);
    }
}

static void config_check(void)
{
    const char *const section = "net_copy_config";

    config_require(net_config_check_magic(&config), section, "magic");
    config_require(queue_capacity_ok(config.rx.num_buffers, QUEUE_WRAP_16),
        section, "rx.num_buffers");
    config_require(queue_capacity_ok(config.client.num_buffers, QUEUE_WRAP_16),
        section, "client.num_buffers");
    config_require((uint64_t)config.client.num_buffers * NET_BUFFER_SIZE <=
                       config.client_data.size,
        section, "client_data.size");
}

/** Sets the queues up and fills the client's with its buffers. */
void init(void)
{
    config_check();
    stats_init(&copier.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    net_queue_init(&copier.client, config.client.free_queue.vaddr,
        config.client.active_queue.vaddr, config.client.num_buffers);
    net_queue_init(&copier.virt, config.rx.free_queue.vaddr,
        config.rx.active_queue.vaddr, config.rx.num_buffers);
    copier.to = (uintptr_t)config.client_data.vaddr;
    copier.to_size = config.client_data.size;
    net_buffers_init(&copier.client, 0);
    net_cancel_signal_free(&copier.client); /* we look when frames come */
    net_hints_offer(&copier.client, true);
    net_hints_accept(&copier.virt, true);
    sddf_notify(config.rx.id); /* it may tell the driver */
    notified(config.rx.id);
}
