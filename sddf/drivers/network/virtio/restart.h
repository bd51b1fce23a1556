/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * restart.h - where the rings lie, and what a predecessor left in them.
 *
 * The device has been reset, so nothing is in its hands any more.  Which
 * buffers it had is in ring memory (vring.h); the journal says whether the
 * last batch had reached the queues.  Received buffers are posted again, and
 * frames that may or may not have been sent are sent again: a duplicate is
 * possible, a loss is not.  The same is done when the device broke the
 * protocol.
 *
 * Owner     ring memory survives a restart of the driver; the driver alone and
 *           the device write it.
 * Trust     the device may have written anything: what is read back is
 *           bounded here, addresses are checked by the virtualisers.
 * Errors    ERR_RANGE: ring memory is too small, or its journal is nonsense.
 */
#pragma once

#include "base/attr.h"
#include "sddf/drivers/network/virtio/driver.h"

/** Lays the rings out in ring memory: at first in the size that the device
 *  allows, after a restart where they were.  The result is for vdev_queue(). */
MUST_USE enum err restart_place(
    struct driver *d, struct vdev_queue *rx, struct vdev_queue *tx);

/** Finds out which buffers the device had, and offers them again. */
void restart_rings(struct driver *d);
