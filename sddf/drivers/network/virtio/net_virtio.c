/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver for a virtio network device: one device, one Rx and one Tx neighbour,
 * no policy.  This file has the entry points: what the tool configured, and
 * which part handles which event.
 *
 *     interrupt ---> rx_return(), rx_provide(), sometimes tx_return()
 *     virt_rx -----> the same for Rx; checksum offload may begin
 *     virt_tx -----> tx_return() when many were sent, then tx_provide()
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/resources/device.h>
#include <sddf/util/config_check.h>
#include <sddf/util/state.h>
#include <sddf/virtio/mmio_regs.h>

#include "base/mmio.h"
#include "sddf/drivers/network/virtio/control.h"
#include "sddf/drivers/network/virtio/driver.h"
#include "sddf/drivers/network/virtio/rx.h"
#include "sddf/drivers/network/virtio/tx.h"

__attribute__((__section__(".device_resources")))
device_resources_t device_resources;
__attribute__((__section__(".net_driver_config"))) net_driver_config_t config;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

static const char *const counter_names[COUNTERS] = {
    "rx_packets",
    "rx_bytes",
    "rx_bad_length",
    "rx_posted",
    "tx_packets",
    "tx_bytes",
    "tx_bad_length",
    "tx_posted",
    "tx_repeated",
    "bad_checksum",
    "interrupts",
    "bad_used",
    "resets",
    "bad_peer",
};

static struct driver driver;

/* Received frames, and new buffers for the device. */
static inline void rx_event(struct driver *d)
{
    rx_return(d);
    if (vring_in_flight(&d->rx) < d->rx_lazy) {
        rx_provide(d);
    }
    stats_set(&d->stats, RX_POSTED, vring_in_flight(&d->rx));
}

static inline void handle_irq(struct driver *d)
{
    uint32_t status = mmio_read32(d->regs, VIRTIO_MMIO_INTERRUPT_STATUS);

    /* Acknowledge first: what the device adds from here on raises the line
     * again (4.2.3.4.1).  Then look: no load may come before that write. */
    mmio_write32(d->regs, VIRTIO_MMIO_INTERRUPT_ACK, status);
    mmio_observe();
    stats_add(&d->stats, INTERRUPTS, 1);
    if ((status & VIRTIO_MMIO_INT_CONFIG) != 0 && control_needs_reset(d)) {
        return;
    }
    rx_event(d);
    if (d->tx_awaited) {
        tx_return(d); /* else the next frames to send are early enough */
        if (d->tx_blocked) {
            tx_provide(d);
        }
        tx_arm(d);
        stats_set(&d->stats, TX_POSTED, vring_in_flight(&d->tx));
    }
}

/* Frames to send, or a request for the buffers of sent ones. */
static inline void tx_event(struct driver *d)
{
    if (vring_in_flight(&d->tx) >= d->tx_lazy) {
        tx_return(d);
    }
    tx_provide(d);
    tx_arm(d);
    stats_set(&d->stats, TX_POSTED, vring_in_flight(&d->tx));
}

COLD static void show_bad_peers(struct driver *d)
{
    stats_set(&d->stats, BAD_PEER,
        net_queue_bad_peer(&d->rx_queue) + net_queue_bad_peer(&d->tx_queue));
}

/** An interrupt, empty buffers, or frames to send. */
void notified(sddf_channel ch)
{
    struct driver *d = state_address(&driver);

    if (!d->alive) {
        return;
    }
    if (ch == d->irq) {
        sddf_deferred_irq_ack(ch);
        handle_irq(d);
    } else if (ch == d->virt_tx) {
        tx_event(d);
    } else if (ch == d->virt_rx) {
        rx_event(d);
        if (d->rx_could && !d->rx_hints && net_hints_accepted(&d->rx_queue)) {
            control_hints_begin(d);
        }
    }
    if (d->broken) {
        control_restart(d);
    }
    if (d->activations++ % 64 == 0) {
        show_bad_peers(d);
    }
}

static void config_check(void)
{
    const char *const net = "net_driver_config";
    const char *const device = "device_resources";

    config_require(net_config_check_magic(&config), net, "magic");
    config_require(queue_capacity_ok(config.virt_rx.num_buffers, QUEUE_WRAP_16),
        net, "virt_rx.num_buffers");
    config_require(queue_capacity_ok(config.virt_tx.num_buffers, QUEUE_WRAP_16),
        net, "virt_tx.num_buffers");
    config_require(
        device_resources_check_magic(&device_resources), device, "magic");
    config_require(device_resources.num_regions == 2, device, "num_regions");
    config_require(device_resources.num_irqs == 1, device, "num_irqs");
    config_require(device_resources.regions[1].region.size >= RINGS_OFFSET,
        device, "regions[1].size");
}

/** Takes over the device, whatever state it is in. */
void init(void)
{
    config_check();
    driver.regs = (uintptr_t)device_resources.regions[0].region.vaddr;
    driver.mem = device_resources.regions[1].region.vaddr;
    driver.mem_io = device_resources.regions[1].io_addr;
    driver.journal = (struct journal *)(void *)driver.mem;
    driver.mem_size = device_resources.regions[1].region.size;
    driver.irq = device_resources.irqs[0].id;
    driver.virt_rx = config.virt_rx.id;
    driver.virt_tx = config.virt_tx.id;
    driver.resets = 0;
    driver.tx_blocked = false;
    driver.tx_awaited = false;
    driver.rx_could = false;
    driver.rx_hints = false;
    driver.tx_hints = false;
    driver.activations = 0;
    stats_init(&driver.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    net_queue_init(&driver.rx_queue, config.virt_rx.free_queue.vaddr,
        config.virt_rx.active_queue.vaddr, config.virt_rx.num_buffers);
    net_queue_init(&driver.tx_queue, config.virt_tx.free_queue.vaddr,
        config.virt_tx.active_queue.vaddr, config.virt_tx.num_buffers);
    control_restart(&driver);
}
