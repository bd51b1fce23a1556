/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See restart.h.
 */
#include "sddf/drivers/network/virtio/restart.h"

#include <sddf/virtio/mmio_regs.h>

#include "base/bits.h"

#define LAZY 16 /* entries used before we look, if there are many */

static struct vring_entries rx_entries;
static struct vring_entries tx_entries;

/* How many of `count` entries may be used before we look. */
static uint32_t lazily(uint32_t count)
{
    return count / 8 < LAZY ? count / 8 : LAZY;
}

enum err restart_place(
    struct driver *d, struct vdev_queue *rx, struct vdev_queue *tx)
{
    uint32_t pairs = d->journal->pairs;

    if (pairs == 0) {
        uint32_t max_rx = vdev_queue_max(d->regs, QUEUE_RX);
        uint32_t max_tx = vdev_queue_max(d->regs, QUEUE_TX);

        pairs = VRING_PAIRS_MAX;
        while (pairs > 0 && (2 * pairs > max_rx || 2 * pairs > max_tx)) {
            pairs /= 2;
        }
    }
    if (pairs > VRING_PAIRS_MAX || !bits_is_power_of_two(pairs) ||
        RINGS_OFFSET + 2ull * vring_size(pairs) > d->mem_size) {
        return ERR_RANGE;
    }
    d->journal->pairs = pairs;
    d->rx.entries = &rx_entries;
    d->tx.entries = &tx_entries;
    d->rx_full = pairs < d->rx_queue.capacity ? pairs : d->rx_queue.capacity;
    d->rx_low = d->rx_full / 2;
    d->rx_lazy = d->rx_full - lazily(d->rx_full) + 1;
    d->tx_lazy = lazily(pairs);
    *rx = vring_place(
        &d->rx, d->mem + RINGS_OFFSET, d->mem_io + RINGS_OFFSET, pairs);
    *tx = vring_place(&d->tx, d->mem + RINGS_OFFSET + vring_size(pairs),
        d->mem_io + RINGS_OFFSET + vring_size(pairs), pairs);
    return ERR_OK;
}

/* Settles one ring against the queues it stands between: `in` is the one that
 * entries come from, `out` the one that they go to. */
static void settle(struct vring *ring, net_queue_t *in, uint32_t in_head,
    net_queue_t *out, uint32_t out_tail, uint32_t capacity)
{
    uint16_t head = load_relaxed_16(&in->head);
    uint16_t count = (uint16_t)(load_acquire_16(&in->tail) - head);

    bool any =
        vring_settle(ring, load_relaxed_16(&out->tail) != (uint16_t)out_tail);
    if (!any || head != (uint16_t)in_head || count > capacity) {
        return; /* nothing in doubt, or the last batch was complete */
    }
    /* Buffers still in the queue are not ours yet. */
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = (head + i) & (capacity - 1);

        vring_forget(ring, in->buffers[slot].desc.io_or_offset);
    }
}

void restart_rings(struct driver *d)
{
    net_queue_handle_t *rx = &d->rx_queue;
    net_queue_handle_t *tx = &d->tx_queue;

    settle(&d->rx, rx->free, d->journal->rx_free_head, rx->active,
        d->journal->rx_active_tail, rx->capacity);
    settle(&d->tx, tx->active, d->journal->tx_active_head, tx->free,
        d->journal->tx_free_tail, tx->capacity);
    /* 5.1.6.2: an all-zero header asks for nothing.  Headers of frames that are
     * sent again are in ring memory as they were. */
    if (!d->tx_hints) {
        __builtin_memset(
            d->tx.header, 0, d->tx.pairs * sizeof(struct vring_header));
    }
    (void)vring_restart(&d->rx, true);
    stats_add(&d->stats, TX_REPEATED, vring_restart(&d->tx, false));
}
