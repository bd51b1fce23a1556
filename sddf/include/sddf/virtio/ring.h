/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring.h - the split virtqueue: memory shared by a driver and its device.
 *
 * Shape     a table of descriptors, a ring of heads that the driver made
 *           available, a ring of heads that the device has used.  Indices run
 *           freely modulo 2^16; `num` is a power of two.
 * Units     bytes; le16, le32 and le64 are the target's own order.
 * Owner     the driver writes desc and avail, the device writes used.
 * Trust     the device may write anything into `used` at any time.
 * Source    VIRTIO 1.2, 2.7; section numbers beside each.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

/* 2.7.5, the descriptor table */
struct virtq_desc {
    uint64_t addr;
    uint32_t len;
    uint16_t flags;
    uint16_t next;
};

#define VIRTQ_DESC_F_NEXT  1
#define VIRTQ_DESC_F_WRITE 2 /* the device writes */

/* 2.7.6, the available ring */
struct virtq_avail {
    _Atomic uint16_t flags;
    _Atomic uint16_t idx;
    uint16_t ring[];
};

#define VIRTQ_AVAIL_F_NO_INTERRUPT 1

/* 2.7.8, the used ring */
struct virtq_used_elem {
    uint32_t id;
    uint32_t len;
};

struct virtq_used {
    _Atomic uint16_t flags;
    _Atomic uint16_t idx;
    struct virtq_used_elem ring[];
};

#define VIRTQ_USED_F_NO_NOTIFY 1

_Static_assert(sizeof(struct virtq_desc) == 16, "VIRTIO 1.2, 2.7.5");
_Static_assert(sizeof(struct virtq_avail) == 4, "VIRTIO 1.2, 2.7.6");
_Static_assert(sizeof(struct virtq_used) == 4, "VIRTIO 1.2, 2.7.8");
