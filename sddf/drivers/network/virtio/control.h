/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - bringing the device up, again when it breaks the protocol.
 *
 * Checksums: where the device can, it fills in those of frames to send and
 * vouches for those of received ones (hints.h).  Received ones may then be
 * partial, so the driver asks for that only when the virtualiser says that
 * everybody behind it accepts it; the device is then started once more.
 *
 * Trust     a device that breaks the protocol is reset, 16 times at most.
 * Errors    a device that does not start, or breaks the protocol too often, is
 *           left alone: d->alive is false and a line says so.
 * Source    VIRTIO 1.2, 3.1.1 and 5.1.5.
 */
#pragma once

#include "sddf/drivers/network/virtio/driver.h"

/* VIRTIO 1.2, 5.1.3 */
#define FEATURE_CSUM       (1u << 0)
#define FEATURE_GUEST_CSUM (1u << 1)
#define FEATURE_MAC        (1u << 5)

#define RESETS_MAX 16 /* of a device that breaks the protocol */

/** Starts the device, whatever state it is in, and gives it what there is.
 *  What the device had stays ours.  Gives up after a few times. */
COLD void control_restart(struct driver *d);

/** Once, when the neighbours accept checksum hints: asks the device for them.
 *  The caller has handed on what the device had received. */
COLD void control_hints_begin(struct driver *d);

/** After a configuration interrupt: does the device need a reset?  Then
 *  d->broken is set. */
COLD bool control_needs_reset(struct driver *d);
