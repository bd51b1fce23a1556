/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vring.h - a split virtqueue whose every entry is a header and a frame.
 *
 * Shape     `pairs` entries; entry i owns descriptors 2i (its virtio_net_hdr,
 *           which lies behind the rings, in ring memory too) and 2i + 1 (the
 *           frame).  An entry's state is also the length in its second
 *           descriptor, which lies in ring memory and so outlives the driver:
 *
 *             0 free -> post -> n with the device -> take -> n | STAGED
 *                ^                                              |
 *                +------------------- release ------------------+
 *
 * Units     bytes; device addresses; indices modulo 2^16.
 * Owner     the driver; the device writes `used` only.
 * Trust     the device may write anything anywhere in ring memory: ids and
 *           counts are checked against our own `out`.  Addresses read back are
 *           checked by the virtualiser.
 * Errors    vring_used() says VRING_BROKEN, vring_take() false: the device
 *           does not follow the protocol and must be reset.
 * Source    VIRTIO 1.2, 2.7 and 5.1.6.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/virtio/ring.h>

#include "base/attr.h"
#include "base/mmio.h"
#include "sddf/drivers/network/virtio/vdev.h"

#define VRING_PAIRS_MAX 512
#define VRING_BROKEN    0xffffffffu
#define VRING_STAGED    0x80000000u
#define VRING_NO_PAIR   0xffffu

#define VRING_HEADER_SIZE 12 /* what the device reads or writes of it */

/* 5.1.6, struct virtio_net_hdr; le16 is our own order here. */
struct vring_header {
    uint8_t flags;
    uint8_t gso_type;
    uint16_t hdr_len;
    uint16_t gso_size;
    uint16_t csum_start;
    uint16_t csum_offset;
    uint16_t num_buffers;
    uint32_t padding; /* ours, not the device's */
};

_Static_assert(sizeof(struct vring_header) == 16, "VIRTIO 1.2, 5.1.6");

struct vring {
    struct virtq_desc *desc;
    struct virtq_avail *avail;
    struct virtq_used *used;
    uint16_t pairs;      /* a power of two */
    uint16_t mask;       /* 2 * pairs - 1 */
    uint16_t avail_idx;  /* ours */
    uint16_t shown_idx;  /* what `avail` has */
    uint16_t used_idx;   /* the next used element we look at */
    uint16_t free_count; /* how many in entries->free */
    struct vring_entries *entries;
    struct vring_header *header; /* one for each entry, ... */
    uint64_t header_io;          /* ... and where the device sees them */
};

/* The larger part, apart so that the smaller has short offsets. */
struct vring_entries {
    uint16_t free[VRING_PAIRS_MAX];
    bool out[VRING_PAIRS_MAX]; /* with the device, not taken yet */
};

/** Bytes of ring memory that `pairs` entries need. */
uint32_t vring_size(uint32_t pairs);

/** Places the parts at `mem`, seen by the device at `io`, and returns their
 *  device addresses.  Keeps what the memory says about entries.  The caller
 *  has set `entries`. */
struct vdev_queue vring_place(
    struct vring *ring, uint8_t *mem, uint64_t io, uint32_t pairs);

/** Settles what a predecessor left in ring memory: its last take had been
 *  handed on (`handed_on`) or not.  True if any entry is not free. */
bool vring_settle(struct vring *ring, bool handed_on);

/** Frees the entry that holds the buffer at `addr`, if any. */
void vring_forget(struct vring *ring, uint64_t addr);

/** Starts afresh on a device that was reset: fills in the constant parts and
 *  offers again what the device had.  Returns how many entries that were. */
uint32_t vring_restart(struct vring *ring, bool device_writes);

/** The entry that vring_post() takes next, if free_count is not 0. */
static inline uint32_t vring_next(const struct vring *ring)
{
    return ring->entries->free[ring->free_count - 1];
}

/** Frame buffer of an entry as it was posted. */
static inline uint64_t vring_addr(const struct vring *ring, uint32_t pair)
{
    return ring->desc[2 * pair + 1].addr;
}

/** The state of an entry, as ring memory has it: see Shape. */
static inline uint32_t vring_state(const struct vring *ring, uint32_t pair)
{
    return ring->desc[2 * pair + 1].len;
}

/** Gives an entry to the device, from vring_publish() on. */
static inline void vring_offer(struct vring *ring, uint32_t pair)
{
    struct vring_entries *entries = ring->entries;
    struct virtq_avail *avail = ring->avail;
    uint16_t idx = ring->avail_idx;
    uint32_t slot = idx & ring->mask;

    ring->avail_idx = (uint16_t)(idx + 1);
    entries->out[pair] = true;
    avail->ring[slot] = (uint16_t)(2 * pair);
}

/** Takes a free entry for a frame.  free_count must not be 0. */
static inline void vring_post(struct vring *ring, uint64_t addr, uint32_t len)
{
    uint16_t last = (uint16_t)(ring->free_count - 1);
    uint32_t pair = ring->entries->free[last];
    struct virtq_desc *frame = &ring->desc[2 * pair + 1];

    ring->free_count = last;
    frame->addr = addr;
    frame->len = len;
    vring_offer(ring, pair);
}

/** Gives an entry that was taken back to the device, as it is. */
static inline void vring_repeat(struct vring *ring, uint32_t pair)
{
    ring->desc[2 * pair + 1].len &= ~VRING_STAGED;
    vring_offer(ring, pair);
}

/** Shows the device what was offered since the last time, if anything; true
 *  if it must be notified. */
MUST_USE static inline bool vring_publish(struct vring *ring)
{
    if (ring->avail_idx == ring->shown_idx) {
        return false;
    }
    ring->shown_idx = ring->avail_idx;
    /* 2.7.13.3.1: descriptors and ring entries before idx */
    atomic_store_explicit(
        &ring->avail->idx, ring->avail_idx, memory_order_release);
    /* 2.7.13.4.1: idx before the look at used.flags, and before the doorbell */
    mmio_publish();
    return (atomic_load_explicit(&ring->used->flags, memory_order_relaxed) &
               VIRTQ_USED_F_NO_NOTIFY) == 0;
}

/** How many used elements there are to take, or VRING_BROKEN. */
static inline uint32_t vring_used(const struct vring *ring)
{
    /* 2.7.14: the elements after idx; acquire forbids reading them before */
    uint16_t idx = atomic_load_explicit(&ring->used->idx, memory_order_acquire);
    uint16_t count = (uint16_t)(idx - ring->used_idx);

    return count > ring->pairs ? VRING_BROKEN : count;
}

/* An entry that the device has used. */
struct vring_taken {
    uint64_t addr; /* of the frame, as it was posted */
    uint32_t pair;
    uint32_t len; /* that the device claims */
};

/** Takes the next used element; its entry is now staged.  False if the device
 *  names an entry it does not have. */
MUST_USE static inline bool vring_take(
    struct vring *ring, struct vring_taken *taken)
{
    uint32_t mask = ring->mask;
    uint16_t idx = ring->used_idx;
    struct virtq_used_elem *used = &ring->used->ring[idx & mask];
    struct vring_entries *entries = ring->entries;
    struct virtq_desc *desc = ring->desc;
    uint32_t id = __atomic_load_n(&used->id, __ATOMIC_RELAXED);
    uint32_t claimed = __atomic_load_n(&used->len, __ATOMIC_RELAXED);

    ring->used_idx = (uint16_t)(idx + 1);
    if ((id & 1) != 0 || id > mask || !entries->out[id / 2]) {
        return false; /* not with the device, or already taken */
    }
    entries->out[id / 2] = false;
    struct virtq_desc *frame = &desc[id + 1];
    frame->len |= VRING_STAGED;
    *taken = (struct vring_taken){
        .addr = frame->addr, .pair = id / 2, .len = claimed
    };
    return true;
}

/** Makes `count` entries free. */
static inline void vring_release(
    struct vring *ring, const uint16_t *pairs, uint32_t count)
{
    struct virtq_desc *desc = ring->desc;
    uint16_t *free = &ring->entries->free[ring->free_count];

    for (uint32_t i = 0; i < count; i++) {
        desc[2 * pairs[i] + 1].len = 0;
        free[i] = pairs[i];
    }
    ring->free_count = (uint16_t)(ring->free_count + count);
}

/** Asks for an interrupt at the next used element, or asks for none. */
static inline void vring_interrupts(struct vring *ring, bool wanted)
{
    /* 2.7.7: a hint that the device may ignore */
    atomic_store_explicit(&ring->avail->flags,
        wanted ? 0 : VIRTQ_AVAIL_F_NO_INTERRUPT, memory_order_relaxed);
}

/** Entries that are with the device. */
static inline uint32_t vring_in_flight(const struct vring *ring)
{
    return (uint32_t)ring->pairs - ring->free_count;
}
