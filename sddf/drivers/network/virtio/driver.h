/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * driver.h - what the parts of the virtio network driver share.
 *
 * Shape     one struct driver, in net_virtio.c, passed to every function; the
 *           journal at the start of ring memory, the rings behind it.
 * Units     entries (vring.h), descriptors (network/queue.h).
 * Owner     rx.c moves received frames, tx.c frames to send; control.c brings
 *           the device up; restart.c finds out what a predecessor left.
 * Trust     what the device or a neighbour says is counted when it makes no
 *           sense; `broken` says that the device must be reset.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/network/hints.h>
#include <sddf/network/queue.h>
#include <sddf/util/stats.h>

#include "base/attr.h"
#include "sddf/drivers/network/virtio/vring.h"

/* VIRTIO 1.2, 5.1.2 */
#define QUEUE_RX 0
#define QUEUE_TX 1

/* 5.1.6, flags of a header */
#define HEADER_NEEDS_CSUM 1u
#define HEADER_DATA_VALID 2u

#define HEADER_SIZE  VRING_HEADER_SIZE
#define BATCH        64 /* used entries handled together, at most */
#define RINGS_OFFSET 0x100

/* At the start of ring memory: the queue indices before the last batch. */
struct journal {
    uint32_t pairs; /* 0: never used */
    uint32_t rx_free_head;
    uint32_t rx_active_tail;
    uint32_t tx_active_head;
    uint32_t tx_free_tail;
};

enum counter {
    RX_PACKETS,
    RX_BYTES,
    RX_BAD_LENGTH,
    RX_POSTED,
    TX_PACKETS,
    TX_BYTES,
    TX_BAD_LENGTH,
    TX_POSTED,
    TX_REPEATED,
    BAD_CHECKSUM,
    INTERRUPTS,
    BAD_USED,
    RESETS,
    BAD_PEER,
    COUNTERS
};

struct driver {
    uintptr_t regs;
    struct stats stats;
    struct journal *journal;
    net_queue_handle_t rx_queue;
    net_queue_handle_t tx_queue;
    struct vring rx;
    struct vring tx;
    uint32_t rx_full; /* buffers with the device when none is missing */
    uint32_t rx_lazy; /* with fewer buffers it is time to look for more */
    uint32_t rx_low;  /* with fewer buffers the device is short of them */
    uint32_t tx_lazy; /* with so many frames it is time to collect some */
    uint32_t resets;
    uint32_t activations;
    bool alive;      /* the device is up */
    bool broken;     /* the device broke the protocol in this activation */
    bool tx_blocked; /* frames wait for free entries */
    bool tx_awaited; /* somebody waits for Tx buffers */
    bool rx_could;   /* the device could vouch for checksums, ... */
    bool rx_hints;   /* ... and it does */
    bool tx_hints;   /* it fills in checksums */
    uint8_t irq;     /* channels: the interrupt, ... */
    uint8_t virt_rx; /* ... and the neighbours */
    uint8_t virt_tx;
    uint8_t *mem;      /* ring memory, ... */
    uint64_t mem_io;   /* ... the same for the device, ... */
    uint64_t mem_size; /* ... in bytes */
};

/* The device does not follow the protocol. */
static inline void device_broke(struct driver *d)
{
    stats_add(&d->stats, BAD_USED, 1);
    d->broken = true;
}

/* Is the field of a partial checksum inside the frame?  If not, it is the
 * frame's own fault: it goes on as if nothing was said. */
static inline bool hint_fits(struct driver *d, net_buff_desc_t frame)
{
    if (__builtin_expect(net_hint_fits(frame), true)) {
        return true;
    }
    stats_add(&d->stats, BAD_CHECKSUM, 1);
    return false;
}

/* Used entries that may be handed on, given the room in the queue. */
static inline uint32_t used_entries(
    struct driver *d, struct vring *ring, uint32_t room)
{
    uint32_t used = vring_used(ring);

    if (used == VRING_BROKEN) {
        d->broken = true;
        return 0;
    }
    return used < room ? used : room;
}
