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
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/queue.h>
#include <sddf/util/stats.h>

#include "base/check.h"
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

static struct {
    net_queue_handle_t virt;
    net_queue_handle_t client;
    bool copied;          /* the client got frames */
    bool returned;        /* the virtualiser got buffers back */
    uint32_t activations; /* in which there was something to do */
    struct stats stats;
} copier;

/* Takes an empty buffer of the client's; false if there is none.  At most a
 * queue full of wrong ones is skipped. */
static bool client_buffer(net_buff_desc_t *buffer)
{
    for (uint32_t i = 0; i < copier.client.capacity; i++) {
        if (net_dequeue_free(&copier.client, buffer) != 0) {
            break;
        }
        if (buffer->io_or_offset % NET_BUFFER_SIZE == 0 &&
            range_contains(config.client_data.size, buffer->io_or_offset,
                NET_BUFFER_SIZE)) {
            return true;
        }
        stats_add(&copier.stats, BAD_CLIENT, 1);
    }
    stats_add(&copier.stats, NO_BUFFER, 1);
    return false;
}

/* Is this frame inside a region that we may read? */
static bool frame_ok(net_buff_desc_t frame)
{
    const region_resource_t *data = &config.rx_data[frame.oid];

    return data->vaddr != NULL && frame.len <= NET_BUFFER_SIZE &&
           range_contains(data->size, frame.io_or_offset, frame.len);
}

/* Copies one frame to the client, if there is a buffer for it. */
static void frame_copy(net_buff_desc_t frame)
{
    net_buff_desc_t buffer;

    if (!frame_ok(frame)) {
        stats_add(&copier.stats, BAD_VIRT, 1);
        return;
    }
    if (!client_buffer(&buffer)) {
        return;
    }
    memcpy((uint8_t *)config.client_data.vaddr + buffer.io_or_offset,
        (const uint8_t *)config.rx_data[frame.oid].vaddr + frame.io_or_offset,
        frame.len);
    buffer.len = frame.len;
    buffer.oid = 0;
    if (net_enqueue_active(&copier.client, buffer) != 0) {
        stats_add(&copier.stats, BAD_CLIENT, 1); /* it broke its queue */
        return;
    }
    copier.copied = true;
    stats_add(&copier.stats, PACKETS, 1);
    stats_add(&copier.stats, BYTES, frame.len);
}

/* Copies all that is there, then asks to be told about more. */
static void rx_return(void)
{
    net_queue_handle_t *q = &copier.virt;

    for (;;) {
        uint32_t ready = net_ring_ready(q->active, &q->active_out, q->capacity);
        uint32_t room = net_ring_room(q->free, &q->free_in, q->capacity);
        uint32_t count = ready < room ? ready : room;

        for (uint32_t i = 0; i < count; i++) {
            net_buff_desc_t frame = net_ring_read(q->active, &q->active_out, i);

            frame_copy(frame);
            net_ring_write(q->free, &q->free_in, i, frame);
        }
        if (count > 0) {
            net_ring_consume(q->active, &q->active_out, count);
            net_ring_publish(q->free, &q->free_in, count);
            copier.returned = true;
        }
        net_request_signal_active(q);
        if (count < ready || net_queue_empty_active(q)) {
            return;
        }
        net_cancel_signal_active(q);
    }
}

/** Frames from the virtualiser. */
void notified(sddf_channel ch)
{
    (void)ch;
    rx_return();
    if (copier.copied && net_require_signal_active(&copier.client)) {
        net_cancel_signal_active(&copier.client);
        sddf_notify(config.client.id);
    }
    if (copier.returned && net_require_signal_free(&copier.virt)) {
        net_cancel_signal_free(&copier.virt);
        sddf_deferred_notify(config.rx.id);
    }
    /* nonsense is summed up when there was nothing to do, and now and then */
    if (!copier.returned || ++copier.activations % 64 == 0) {
        stats_set(&copier.stats, BAD_PEER,
            net_queue_bad_peer(&copier.client) +
                net_queue_bad_peer(&copier.virt));
    }
    copier.copied = false;
    copier.returned = false;
}

/** Sets the queues up and fills the client's with its buffers. */
void init(void)
{
    CHECK(net_config_check_magic(&config));
    CHECK((uint64_t)config.client.num_buffers * NET_BUFFER_SIZE <=
          config.client_data.size);

    stats_init(&copier.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    net_queue_init(&copier.client, config.client.free_queue.vaddr,
        config.client.active_queue.vaddr, config.client.num_buffers);
    net_queue_init(&copier.virt, config.rx.free_queue.vaddr,
        config.rx.active_queue.vaddr, config.rx.num_buffers);
    net_buffers_init(&copier.client, 0);
    net_cancel_signal_free(&copier.client); /* we look when frames come */
    notified(config.rx.id);
}
