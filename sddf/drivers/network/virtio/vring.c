/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The split virtqueue of vring.h; section numbers are those of VIRTIO 1.2.
 */
#include "sddf/drivers/network/virtio/vring.h"

#include "base/range.h"

/* 2.7: where the parts begin, and their alignment (16, 2 and 4). */
static uint32_t avail_offset(uint32_t num)
{
    return num * (uint32_t)sizeof(struct virtq_desc);
}

static uint32_t used_offset(uint32_t num)
{
    uint32_t end = avail_offset(num) + (uint32_t)sizeof(struct virtq_avail) +
                   num * (uint32_t)sizeof(uint16_t);

    return (uint32_t)range_round_up(end, 16);
}

static uint32_t header_offset(uint32_t num)
{
    uint32_t end = used_offset(num) + (uint32_t)sizeof(struct virtq_used) +
                   num * (uint32_t)sizeof(struct virtq_used_elem);

    return (uint32_t)range_round_up(end, 16);
}

uint32_t vring_size(uint32_t pairs)
{
    return header_offset(2 * pairs) +
           pairs * (uint32_t)sizeof(struct vring_header);
}

struct vdev_queue vring_place(
    struct vring *ring, uint8_t *mem, uint64_t io, uint32_t pairs)
{
    uint32_t num = 2 * pairs;

    ring->desc = (struct virtq_desc *)(void *)mem;
    ring->avail = (struct virtq_avail *)(void *)(mem + avail_offset(num));
    ring->used = (struct virtq_used *)(void *)(mem + used_offset(num));
    ring->header = (struct vring_header *)(void *)(mem + header_offset(num));
    ring->header_io = io + header_offset(num);
    ring->pairs = (uint16_t)pairs;
    ring->mask = (uint16_t)(num - 1);
    return (struct vdev_queue){
        .desc = io,
        .avail = io + avail_offset(num),
        .used = io + used_offset(num),
        .num = num,
    };
}

bool vring_settle(struct vring *ring, bool handed_on)
{
    bool any = false;

    for (uint32_t pair = 0; pair < ring->pairs; pair++) {
        struct virtq_desc *frame = &ring->desc[2 * pair + 1];

        if ((frame->len & VRING_STAGED) != 0) {
            frame->len = handed_on ? 0 : frame->len & ~VRING_STAGED;
        }
        any = any || frame->len != 0;
    }
    return any;
}

void vring_forget(struct vring *ring, uint64_t addr)
{
    for (uint32_t pair = 0; pair < ring->pairs; pair++) {
        if (vring_addr(ring, pair) == addr) {
            ring->desc[2 * pair + 1].len = 0;
        }
    }
}

/* Fills in what never changes in the two descriptors of an entry. */
static void fill_entry(struct vring *ring, uint32_t pair, uint16_t write)
{
    struct virtq_desc *header = &ring->desc[2 * pair];

    header[0].addr =
        ring->header_io + (uint64_t)pair * sizeof(struct vring_header);
    header[0].len = VRING_HEADER_SIZE;
    header[0].flags = (uint16_t)(VIRTQ_DESC_F_NEXT | write);
    header[0].next = (uint16_t)(2 * pair + 1);
    header[1].flags = write;
    header[1].next = 0;
}

uint32_t vring_restart(struct vring *ring, bool device_writes)
{
    ring->avail_idx = 0;
    ring->shown_idx = 0;
    ring->used_idx = 0;
    ring->free_count = 0;
    atomic_store_explicit(&ring->avail->flags, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->avail->idx, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->used->flags, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->used->idx, 0, memory_order_relaxed);
    for (uint32_t pair = ring->pairs; pair-- > 0;) {
        fill_entry(ring, pair, device_writes ? VIRTQ_DESC_F_WRITE : 0);
        ring->entries->out[pair] = false;
        if (vring_state(ring, pair) == 0) {
            ring->entries->free[ring->free_count++] = (uint16_t)pair;
        } else {
            vring_offer(ring, pair);
        }
    }
    return vring_in_flight(ring);
}
