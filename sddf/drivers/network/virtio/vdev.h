/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vdev.h - bringing up a virtio device on the memory-mapped transport.
 *
 * Shape     vdev_reset(), vdev_negotiate(), vdev_queue() for each queue,
 *           vdev_go(): the order of VIRTIO 1.2, 3.1.1.
 * Units     device addresses; queue sizes in descriptors.
 * Owner     the driver that maps the registers.
 * Trust     every answer of the device is checked; no wait is unbounded.
 * Errors    ERR_DEVICE when the device is not what it should be or does not
 *           answer; ERR_RANGE when a queue is too small for it.
 * Source    VIRTIO 1.2, 3.1 and 4.2.
 */
#pragma once

#include <stdint.h>

#include "abi/err.h"
#include "base/attr.h"

/* Where the device finds the three parts of a queue. */
struct vdev_queue {
    uint64_t desc;
    uint64_t avail;
    uint64_t used;
    uint32_t num;
};

/** Checks that `regs` is a version 2 device of this type and resets it: after
 *  that it touches no memory. */
MUST_USE enum err vdev_reset(uintptr_t regs, uint32_t device_id);

/** Accepts VIRTIO_F_VERSION_1 and those of `wanted` (feature bits 0 to 31)
 *  that the device offers; they are left in `accepted`, and all that it offers
 *  in `offered`. */
MUST_USE enum err vdev_negotiate(
    uintptr_t regs, uint32_t wanted, uint32_t *offered, uint32_t *accepted);

/** The largest size the device allows for queue `index`; 0 if there is none. */
uint32_t vdev_queue_max(uintptr_t regs, uint32_t index);

/** Tells the device where queue `index` is. */
MUST_USE enum err vdev_queue(
    uintptr_t regs, uint32_t index, const struct vdev_queue *queue);

/** Sets DRIVER_OK: the device may use its queues. */
void vdev_go(uintptr_t regs);

/** Sets FAILED: we gave up. */
void vdev_fail(uintptr_t regs);
