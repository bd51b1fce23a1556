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
    struct net_batch from = net_batch_take_free(&d->rx_queue);

    queue_batch_restrict(&from.n, d->rx.free_count);
    d->journal->rx_free_head = from.n.index;
    while (queue_batch_left(&from.n) > 0) {
        net_buff_desc_t buffer = net_batch_read(&from);

        vring_post(&d->rx, buffer.io_or_offset, NET_BUFFER_SIZE);
    }
    if (queue_batch_used(&from.n) > 0) {
        net_batch_publish(&from);
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

/* Takes `count` used entries into the Rx active queue, of which `to` is a batch;
 * bad ones are posted again.  Notes which entries it took, and in the journal
 * where the batch began. */
static inline void rx_stage(
    struct driver *d, struct net_batch *to, uint32_t count, uint16_t *pairs)
{
    uint64_t bytes = 0;

    d->journal->rx_active_tail = to->n.index;
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
        pairs[queue_batch_used(&to->n)] = (uint16_t)used.pair;
        net_batch_write(to, buffer);
        bytes += buffer.len;
    }
    stats_add(&d->stats, RX_PACKETS, queue_batch_used(&to->n));
    stats_add(&d->stats, RX_BYTES, bytes);
}

void rx_return(struct driver *d)
{
    net_queue_handle_t *q = &d->rx_queue;
    uint16_t pairs[BATCH];
    bool transferred = false;

    while (!d->broken) {
        struct net_batch to = net_batch_put_active(q);
        uint32_t count = used_entries(d, &d->rx, queue_batch_left(&to.n));

        if (count == 0) {
            break;
        }
        rx_stage(d, &to, count < BATCH ? count : BATCH, pairs);
        uint32_t staged = queue_batch_used(&to.n);
        if (staged > 0) {
            net_batch_publish(&to);
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
