/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See control.h.
 */
#include "sddf/drivers/network/virtio/control.h"

#include <os/sddf.h>
#include <sddf/util/printf.h>
#include <sddf/virtio/mmio_regs.h>

#include "sddf/drivers/network/virtio/restart.h"
#include "sddf/drivers/network/virtio/rx.h"
#include "sddf/drivers/network/virtio/tx.h"

/* Agrees with the device on features, and says to the neighbours what it can
 * do: received checksums only once they accept hints. */
static enum err features_agree(struct driver *d)
{
    uint32_t wanted = FEATURE_MAC | FEATURE_CSUM;
    uint32_t offered;
    uint32_t features;

    if (net_hints_accepted(&d->rx_queue)) {
        wanted |= FEATURE_GUEST_CSUM;
    }
    enum err err = vdev_negotiate(d->regs, wanted, &offered, &features);
    if (err != ERR_OK) {
        return err;
    }
    d->rx_could = (offered & FEATURE_GUEST_CSUM) != 0;
    d->rx_hints = (features & FEATURE_GUEST_CSUM) != 0;
    d->tx_hints = (features & FEATURE_CSUM) != 0;
    net_hints_offer(&d->rx_queue, d->rx_could);
    net_hints_accept(&d->tx_queue, d->tx_hints);
    return ERR_OK;
}

/* Brings the device up: VIRTIO 1.2, 3.1.1 and 5.1.5. */
static enum err device_start(struct driver *d)
{
    struct vdev_queue rx;
    struct vdev_queue tx;
    enum err err = vdev_reset(d->regs, VIRTIO_ID_NET);

    if (err == ERR_OK) {
        err = features_agree(d);
    }
    if (err == ERR_OK) {
        err = restart_place(d, &rx, &tx);
    }
    if (err != ERR_OK) {
        return err;
    }
    restart_rings(d);
    err = vdev_queue(d->regs, QUEUE_RX, &rx);
    if (err == ERR_OK) {
        err = vdev_queue(d->regs, QUEUE_TX, &tx);
    }
    if (err == ERR_OK) {
        vdev_go(d->regs);
        d->alive = true;
        d->broken = false;
        d->tx_awaited = true; /* interrupts are on: see tx_arm() */
    }
    return err;
}

/* Starts the device and gives it what there is. */
COLD static void device_begin(struct driver *d)
{
    enum err err = device_start(d);
    if (err != ERR_OK) {
        sddf_dprintf("%s: device does not start, error %d\n",
            sddf_get_pd_name(), (int)err);
        vdev_fail(d->regs);
        return;
    }
    rx_provide(d);
    tx_provide(d);
}

void control_restart(struct driver *d)
{
    d->alive = false;
    if (d->resets++ >= RESETS_MAX) {
        sddf_dprintf("%s: device broken, giving up\n", sddf_get_pd_name());
        vdev_fail(d->regs);
        return;
    }
    stats_set(&d->stats, RESETS, d->resets - 1);
    device_begin(d);
}

void control_hints_begin(struct driver *d)
{
    /* no failure of the device's, so it is not counted as one */
    if (!d->broken) {
        d->alive = false;
        device_begin(d);
    }
}

bool control_needs_reset(struct driver *d)
{
    d->broken = (mmio_read32(d->regs, VIRTIO_MMIO_STATUS) &
                    VIRTIO_STATUS_NEEDS_RESET) != 0;
    return d->broken;
}
