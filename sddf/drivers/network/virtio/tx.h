/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tx.h - frames to the device, and the buffers of sent ones from it.
 *
 *     virt_tx --active--> tx_provide() --> [ Tx ring ] --> tx_return()
 *     virt_tx <---free---------------------------------------'
 *
 * Shape     the frames themselves are not mapped here: addresses are moved.
 * Owner     the driver; the device has the entries between the two functions.
 * Trust     the virtualiser's lengths are checked; a wrong one goes back.
 * Errors    d->broken when the device breaks the protocol.
 * Source    VIRTIO 1.2, 5.1.6.2.
 */
#pragma once

#include "sddf/drivers/network/virtio/driver.h"

/** Gives frames to the device: one doorbell for all of them. */
void tx_provide(struct driver *d);

/** Hands the buffers of sent frames back. */
void tx_return(struct driver *d);

/** Before the driver waits: switches Tx interrupts on exactly while somebody
 *  waits for buffers of sent frames. */
void tx_arm(struct driver *d);
