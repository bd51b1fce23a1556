/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See rx.h.
 *
 * The Rx free queue is looked at when the device has used a batch of buffers;
 * the driver asks the virtualiser for a signal only when the device is short
 * of them.
 */
#include "sddf/drivers/network/virtio/rx.h"

#include <os/sddf.h>
#include <sddf/virtio/mmio_regs.h>

/* Posts what is in the Rx free queue, as far as there are entries. */
static void rx_post_batch(struct driver *d)
{
    net_queue_handle_t *q = &d->rx_queue;
    uint32_t ready = net_ring_ready(q->free, &q->free_out, q->capacity);
    uint32_t count = ready < d->rx.free_count ? ready : d->rx.free_count;
    struct net_span span = net_ring_span(q->free, &q->free_out);

    d->journal->rx_free_head = q->free_out.index;
    for (uint32_t i = 0; i < count; i++) {
        net_buff_desc_t buffer = net_span_read(&span, i);

        vring_post(&d->rx, buffer.io_or_offset, NET_BUFFER_SIZE);
    }
    if (count > 0) {
        net_ring_consume(q->free, &q->free_out, count);
    }
    if (vring_publish(&d->rx)) {
        mmio_write32(d->regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_RX);
    }
}

NOINLINE void rx_provide(struct driver *d)
{
    rx_post_batch(d);
    if (vring_in_flight(&d->rx) >= d->rx_low) {
        net_cancel_signal_free(&d->rx_queue);
        return;
    }
    net_request_signal_free(&d->rx_queue);
    rx_post_batch(d); /* what came before the request was visible */
}

/* The device says that it received a frame of no possible length. */
COLD static void rx_refuse(struct driver *d, uint32_t pair)
{
    stats_add(&d->stats, RX_BAD_LENGTH, 1);
    vring_repeat(&d->rx, pair);
    if (vring_publish(&d->rx)) {
        mmio_write32(d->regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_RX);
    }
}

/* What the device says about the checksum of a frame: 5.1.6.4. */
static inline void rx_hint(
    struct driver *d, uint32_t pair, net_buff_desc_t *frame)
{
    const struct vring_header *header = &d->rx.header[pair];
    uint8_t flags = __atomic_load_n(&header->flags, __ATOMIC_RELAXED);

    if ((flags & HEADER_NEEDS_CSUM) != 0) {
        frame->checksum_start =
            __atomic_load_n(&header->csum_start, __ATOMIC_RELAXED);
        frame->checksum_offset =
            __atomic_load_n(&header->csum_offset, __ATOMIC_RELAXED);
        frame->checksum =
            hint_fits(d, *frame) ? NET_CHECKSUM_PARTIAL : NET_CHECKSUM_NONE;
    } else if ((flags & HEADER_DATA_VALID) != 0) {
        frame->checksum = NET_CHECKSUM_GOOD;
    }
}

/* Takes `count` used entries into the Rx active queue.  Returns how many
 * elements were written; bad ones are posted again. */
static inline uint32_t rx_stage(
    struct driver *d, uint32_t count, uint16_t *pairs)
{
    net_queue_handle_t *q = &d->rx_queue;
    struct net_span span = net_ring_span(q->active, &q->active_in);
    uint32_t staged = 0;
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct vring_taken used;

        if (!vring_take(&d->rx, &used)) {
            device_broke(d);
            break;
        }
        /* 5.1.6.4: len counts the header too */
        if (used.len <= HEADER_SIZE ||
            used.len - HEADER_SIZE > NET_BUFFER_SIZE) {
            rx_refuse(d, used.pair);
            continue;
        }
        net_buff_desc_t buffer = { .io_or_offset = used.addr,
            .len = (uint16_t)(used.len - HEADER_SIZE) };
        if (d->rx_hints) {
            rx_hint(d, used.pair, &buffer);
        }
        net_span_write(&span, staged, buffer);
        pairs[staged++] = (uint16_t)used.pair;
        bytes += buffer.len;
    }
    stats_add(&d->stats, RX_PACKETS, staged);
    stats_add(&d->stats, RX_BYTES, bytes);
    return staged;
}

void rx_return(struct driver *d)
{
    net_queue_handle_t *q = &d->rx_queue;
    uint16_t pairs[BATCH];
    bool transferred = false;

    while (!d->broken) {
        uint32_t count = used_entries(
            d, &d->rx, net_ring_room(q->active, &q->active_in, q->capacity));

        if (count == 0) {
            break;
        }
        d->journal->rx_active_tail = q->active_in.index;
        uint32_t staged = rx_stage(d, count < BATCH ? count : BATCH, pairs);
        if (staged > 0) {
            net_ring_publish(q->active, &q->active_in, staged);
            vring_release(&d->rx, pairs, staged);
            transferred = true;
        }
        if (count <= BATCH) {
            break; /* what came meanwhile raises the interrupt again */
        }
    }
    if (transferred && net_require_signal_active(q)) {
        net_cancel_signal_active(q);
        sddf_notify(d->virt_rx);
    }
}
