/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See tx.h.
 *
 * Sent frames are collected a batch at a time, and Tx interrupts are off,
 * unless somebody waits for the buffers: the Tx virtualiser asks for a signal
 * in the flag of the Tx free queue, before it signals new frames.  The driver
 * leaves that request in place when it signals buffers.  Only the virtualiser
 * takes it back, because only it can tell, when it has seen the buffers,
 * whether they are enough.
 */
#include "sddf/drivers/network/virtio/tx.h"

#include <os/sddf.h>
#include <sddf/virtio/mmio_regs.h>

/* The first frame of a batch, which the virtualiser should not have let through:
 * back at once.  False if there is no room for that. */
COLD static bool tx_refuse(struct driver *d, struct net_batch from)
{
    if (net_enqueue_free(&d->tx_queue, net_batch_read(&from)) != 0) {
        return false;
    }
    net_batch_publish(&from);
    stats_add(&d->stats, TX_BAD_LENGTH, 1);
    return true;
}

/* Is this the length of a frame in a buffer? */
static inline bool tx_length_ok(net_buff_desc_t buffer)
{
    return buffer.len > 0 && buffer.len <= NET_BUFFER_SIZE;
}

/* Writes the header of the next frame to post.  The device fills in a checksum
 * for whoever asked in this descriptor, and in no other frame: 5.1.6.2. */
static inline void tx_hint(struct driver *d, net_buff_desc_t frame)
{
    struct vring_header *header = &d->tx.header[vring_next(&d->tx)];

    header->flags = 0;
    if (net_hint_is_meant(&d->tx_queue, frame) &&
        frame.checksum == NET_CHECKSUM_PARTIAL && hint_fits(d, frame)) {
        header->flags = HEADER_NEEDS_CSUM;
        header->csum_start = frame.checksum_start;
        header->csum_offset = frame.checksum_offset;
    }
}

/* Posts the frames of a batch, up to the first bad one; or refuses that.  False
 * if it is a bad one and there is no room to return it. */
static inline bool tx_post_batch(struct driver *d, struct net_batch *from)
{
    uint64_t bytes = 0;
    uint32_t count = 0;

    d->journal->tx_active_head = from->n.index;
    for (; queue_batch_left(&from->n) > 0; count++) {
        net_buff_desc_t buffer = net_batch_read(from);

        if (!tx_length_ok(buffer)) {
            queue_batch_undo(&from->n);
            break;
        }
        if (d->tx_hints) {
            tx_hint(d, buffer);
        }
        vring_post(&d->tx, buffer.io_or_offset, buffer.len);
        bytes += buffer.len;
    }
    if (count == 0) {
        return tx_refuse(d, *from);
    }
    net_batch_publish(from);
    stats_add(&d->stats, TX_PACKETS, count);
    stats_add(&d->stats, TX_BYTES, bytes);
    return true;
}

void tx_provide(struct driver *d)
{
    net_queue_handle_t *q = &d->tx_queue;
    bool stuck = false;

    d->tx_blocked = false;
    while (!stuck) {
        struct net_batch from = net_batch_take_active(q);

        queue_batch_restrict(&from.n, d->tx.free_count);
        if (queue_batch_left(&from.n) > 0) {
            stuck = !tx_post_batch(d, &from);
        }
        if (d->tx.free_count == 0) {
            net_cancel_signal_active(q);
            d->tx_blocked = true; /* the next tx_return() goes on */
            break;
        }
        net_request_signal_active(q);
        if (net_queue_empty_active(q)) {
            break;
        }
    }
    if (vring_publish(&d->tx)) {
        mmio_write32(d->regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_TX);
    }
}

/* Takes `count` used Tx entries into the free queue, of which `to` is a batch.
 * Notes which entries it took, and in the journal where the batch began. */
static inline void tx_stage(
    struct driver *d, struct net_batch *to, uint32_t count, uint16_t *pairs)
{
    d->journal->tx_free_tail = to->n.index;
    for (uint32_t i = 0; i < count; i++) {
        struct vring_taken used;

        if (!vring_take(&d->tx, &used)) {
            device_broke(d);
            return;
        }
        net_buff_desc_t buffer = { .io_or_offset = used.addr };
        net_batch_write(to, buffer);
        pairs[i] = (uint16_t)used.pair;
    }
}

NOINLINE void tx_return(struct driver *d)
{
    net_queue_handle_t *q = &d->tx_queue;
    uint16_t pairs[BATCH];
    bool transferred = false;

    while (!d->broken) {
        struct net_batch to = net_batch_put_free(q);
        uint32_t count = used_entries(d, &d->tx, queue_batch_left(&to.n));

        if (count == 0) {
            break;
        }
        tx_stage(d, &to, count < BATCH ? count : BATCH, pairs);
        uint32_t staged = queue_batch_used(&to.n);
        if (staged > 0) {
            net_batch_publish(&to);
            vring_release(&d->tx, pairs, staged);
            transferred = true;
        }
        if (count <= BATCH) {
            break; /* what came meanwhile is for the next time */
        }
    }
    if (transferred && net_require_signal_free(q)) {
        sddf_notify(d->virt_tx);
    }
}

/* Does somebody wait for frames to be sent? */
static inline bool tx_wanted(struct driver *d)
{
    return vring_in_flight(&d->tx) > 0 &&
           (d->tx_blocked || net_require_signal_free(&d->tx_queue));
}

/* Tx interrupts on, until nobody waits any more. */
NOINLINE static void tx_await(struct driver *d)
{
    for (uint32_t i = 0; i < VRING_PAIRS_MAX && !d->broken; i++) {
        vring_interrupts(&d->tx, true);
        d->tx_awaited = true;
        /* Forbids that the look at used.idx comes before flags is visible. */
        mmio_publish();
        uint32_t used = vring_used(&d->tx);
        if (used == 0) {
            return;
        }
        tx_return(d);
        if (used == vring_used(&d->tx)) {
            return; /* no room: the virtualiser breaks its own rules */
        }
        if (d->tx_blocked) {
            tx_provide(d);
        }
        if (!tx_wanted(d)) {
            break;
        }
    }
    vring_interrupts(&d->tx, false);
    d->tx_awaited = false;
}

void tx_arm(struct driver *d)
{
    if (tx_wanted(d)) {
        tx_await(d);
    } else if (d->tx_awaited) {
        vring_interrupts(&d->tx, false);
        d->tx_awaited = false;
    }
}
