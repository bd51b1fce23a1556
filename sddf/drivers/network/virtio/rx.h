/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rx.h - buffers to the device, received frames from it.
 *
 *     virt_rx ---free--> rx_provide() --> [ Rx ring ] --> rx_return()
 *     virt_rx <--active--------------------------------------'
 *
 * Shape     the frames themselves are not mapped here: addresses are moved.
 * Owner     the driver; the device has the entries between the two functions.
 * Trust     a frame's length is what the device says, less the header, if that
 *           can be true; else the buffer goes back to the device, counted.
 * Errors    d->broken when the device breaks the protocol.
 * Source    VIRTIO 1.2, 5.1.6.3 and 5.1.6.4.
 */
#pragma once

#include "sddf/drivers/network/virtio/driver.h"

/** Gives empty buffers to the device; asks the virtualiser for a signal if the
 *  device is short of them. */
void rx_provide(struct driver *d);

/** Hands received frames to the virtualiser. */
void rx_return(struct driver *d);
