/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver for a virtio network device: one device, one Rx and one Tx neighbour,
 * no policy.
 *
 *     virt_rx --free--> rx_provide() --+         +-- rx_return() --active--> virt_rx
 *                                   [ device's rings ]
 *     virt_tx -active-> tx_provide() --+         +-- tx_return() ---free--> virt_tx
 *
 * The frames themselves are not mapped here: the driver handles addresses.
 *
 * Signals.  The Rx free queue is looked at on every interrupt, so the driver
 * asks for a signal only when the device is short of buffers.  Tx interrupts
 * are on only while somebody waits for the buffers: the Tx virtualiser says so
 * in the signal flag of the Tx free queue, before it signals new frames.
 *
 * Restart.  The device is reset first, so nothing is in its hands any more.
 * Which buffers it had is in ring memory (vring.h); `struct journal` says
 * whether the last batch had reached the queues.  Received buffers are posted
 * again, frames that may or may not have been sent are sent again.  The same is
 * done when the device breaks the protocol, a few times.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/queue.h>
#include <sddf/resources/device.h>
#include <sddf/util/printf.h>
#include <sddf/util/stats.h>
#include <sddf/virtio/mmio_regs.h>

#include "base/check.h"
#include "base/mmio.h"
#include "sddf/drivers/network/virtio/vdev.h"
#include "sddf/drivers/network/virtio/vring.h"

/* VIRTIO 1.2, 5.1.2 and 5.1.3 */
#define QUEUE_RX      0
#define QUEUE_TX      1
#define FEATURE_MAC   (1u << 5)
#define HEADER_SIZE   12
#define BATCH         64
#define RESETS_MAX    16
#define RINGS_OFFSET  0x100
#define HEADER_OFFSET 0x40

__attribute__((__section__(".device_resources")))
device_resources_t device_resources;
__attribute__((__section__(".net_driver_config"))) net_driver_config_t config;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

/* At the start of ring memory: the queue indices before the last batch. */
struct journal {
    uint32_t pairs; /* 0: never used */
    uint32_t rx_free_head;
    uint32_t rx_active_tail;
    uint32_t tx_active_head;
    uint32_t tx_free_tail;
};

enum counter {
    RX_PACKETS,
    RX_BYTES,
    RX_BAD_LENGTH,
    RX_POSTED,
    TX_PACKETS,
    TX_BYTES,
    TX_BAD_LENGTH,
    TX_POSTED,
    TX_REPEATED,
    INTERRUPTS,
    BAD_USED,
    RESETS,
    BAD_PEER,
    COUNTERS
};

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
    "interrupts",
    "bad_used",
    "resets",
    "bad_peer",
};

static struct {
    uintptr_t regs;
    uint8_t *mem;    /* ring memory */
    uint64_t mem_io; /* the same for the device */
    struct journal *journal;
    net_queue_handle_t rx_queue;
    net_queue_handle_t tx_queue;
    struct vring rx;
    struct vring tx;
    struct stats stats;
    uint32_t rx_low; /* fewer buffers with the device than this is short */
    uint32_t resets;
    bool alive;      /* the device is up */
    bool broken;     /* the device broke the protocol in this activation */
    bool tx_blocked; /* frames wait for free entries */
    bool tx_awaited; /* somebody waits for Tx buffers */
    uint32_t activations;
} driver;

static struct vring_entries rx_entries;
static struct vring_entries tx_entries;

/* --- Receive --------------------------------------------------------------- */

/* Posts what is in the Rx free queue, as far as there are entries. */
static void rx_post_batch(void)
{
    net_queue_handle_t *q = &driver.rx_queue;
    uint32_t ready = net_ring_ready(q->free, &q->free_out, q->capacity);
    uint32_t count =
        ready < driver.rx.free_count ? ready : driver.rx.free_count;

    driver.journal->rx_free_head = q->free_out.index;
    for (uint32_t i = 0; i < count; i++) {
        net_buff_desc_t buffer = net_ring_read(q->free, &q->free_out, i);

        vring_post(&driver.rx, buffer.io_or_offset, NET_BUFFER_SIZE);
    }
    if (count > 0) {
        net_ring_consume(q->free, &q->free_out, count);
    }
    if (vring_publish(&driver.rx)) {
        mmio_write32(driver.regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_RX);
    }
}

/* Gives empty buffers to the device; asks for a signal if it is short. */
static void rx_provide(void)
{
    rx_post_batch();
    if (vring_in_flight(&driver.rx) >= driver.rx_low) {
        net_cancel_signal_free(&driver.rx_queue);
        return;
    }
    net_request_signal_free(&driver.rx_queue);
    rx_post_batch(); /* what came before the request was visible */
}

/* Takes up to `room` used entries into the Rx active queue.  Returns how many
 * elements were written; bad ones are posted again. */
static uint32_t rx_stage(uint32_t count, uint16_t *pairs)
{
    net_queue_handle_t *q = &driver.rx_queue;
    uint32_t staged = 0;
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t pair;
        uint32_t len;

        if (!vring_take(&driver.rx, &pair, &len)) {
            stats_add(&driver.stats, BAD_USED, 1);
            driver.broken = true;
            break;
        }
        /* 5.1.6.4: len counts the header too */
        if (len <= HEADER_SIZE || len - HEADER_SIZE > NET_BUFFER_SIZE) {
            stats_add(&driver.stats, RX_BAD_LENGTH, 1);
            vring_repeat(&driver.rx, pair);
            continue;
        }
        net_buff_desc_t buffer = { .io_or_offset = vring_addr(&driver.rx, pair),
            .len = (uint16_t)(len - HEADER_SIZE) };
        net_ring_write(q->active, &q->active_in, staged, buffer);
        pairs[staged++] = (uint16_t)pair;
        bytes += buffer.len;
    }
    stats_add(&driver.stats, RX_PACKETS, staged);
    stats_add(&driver.stats, RX_BYTES, bytes);
    return staged;
}

/* Hands received frames to the virtualiser. */
static void rx_return(void)
{
    net_queue_handle_t *q = &driver.rx_queue;
    uint16_t pairs[BATCH];
    bool transferred = false;

    while (!driver.broken) {
        uint32_t used = vring_used(&driver.rx);
        uint32_t room = net_ring_room(q->active, &q->active_in, q->capacity);
        uint32_t count = used < room ? used : room;

        if (used == VRING_BROKEN) {
            driver.broken = true;
            break;
        }
        if (count == 0) {
            break;
        }
        driver.journal->rx_active_tail = q->active_in.index;
        uint32_t staged = rx_stage(count < BATCH ? count : BATCH, pairs);
        net_ring_publish(q->active, &q->active_in, staged);
        for (uint32_t i = 0; i < staged; i++) {
            vring_release(&driver.rx, pairs[i]);
        }
        transferred = transferred || staged > 0;
        if (count <= BATCH) {
            break; /* what came meanwhile raises the interrupt again */
        }
    }
    if (transferred && net_require_signal_active(q)) {
        net_cancel_signal_active(q);
        sddf_notify(config.virt_rx.id);
    }
}

/* --- Transmit -------------------------------------------------------------- */

/* A frame the virtualiser should not have let through: back at once. */
static bool tx_refuse(net_buff_desc_t buffer)
{
    net_queue_handle_t *q = &driver.tx_queue;

    if (net_enqueue_free(q, buffer) != 0) {
        return false;
    }
    net_ring_consume(q->active, &q->active_out, 1);
    stats_add(&driver.stats, TX_BAD_LENGTH, 1);
    return true;
}

/* Is this the length of a frame in a buffer? */
static bool tx_length_ok(net_buff_desc_t buffer)
{
    return buffer.len > 0 && buffer.len <= NET_BUFFER_SIZE;
}

/* Posts frames of the Tx active queue up to the first bad one, and returns how
 * many there were to post. */
static uint32_t tx_post_batch(void)
{
    net_queue_handle_t *q = &driver.tx_queue;
    uint32_t ready = net_ring_ready(q->active, &q->active_out, q->capacity);
    uint32_t limit =
        ready < driver.tx.free_count ? ready : driver.tx.free_count;
    uint32_t count = 0;
    uint64_t bytes = 0;

    if (limit == 0) {
        return 0;
    }
    driver.journal->tx_active_head = q->active_out.index;
    for (; count < limit; count++) {
        net_buff_desc_t buffer =
            net_ring_read(q->active, &q->active_out, count);

        if (!tx_length_ok(buffer)) {
            break;
        }
        vring_post(&driver.tx, buffer.io_or_offset, buffer.len);
        bytes += buffer.len;
    }
    if (count > 0) {
        net_ring_consume(q->active, &q->active_out, count);
        stats_add(&driver.stats, TX_PACKETS, count);
        stats_add(&driver.stats, TX_BYTES, bytes);
        return limit;
    }
    return tx_refuse(net_ring_read(q->active, &q->active_out, 0)) ? limit : 0;
}

/* Gives frames to the device: one notification for all of them. */
static void tx_provide(void)
{
    driver.tx_blocked = false;
    (void)tx_post_batch();
    for (;;) {
        if (driver.tx.free_count == 0) {
            net_cancel_signal_active(&driver.tx_queue);
            driver.tx_blocked = true; /* the next tx_return() goes on */
            break;
        }
        net_request_signal_active(&driver.tx_queue);
        if (tx_post_batch() == 0) {
            break;
        }
    }
    if (vring_publish(&driver.tx)) {
        mmio_write32(driver.regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_TX);
    }
}

/* Takes used Tx entries; returns how many were written to the free queue. */
static uint32_t tx_stage(uint32_t count, uint16_t *pairs)
{
    net_queue_handle_t *q = &driver.tx_queue;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t pair;
        uint32_t len;

        if (!vring_take(&driver.tx, &pair, &len)) {
            stats_add(&driver.stats, BAD_USED, 1);
            driver.broken = true;
            return i;
        }
        net_buff_desc_t buffer = { .io_or_offset =
                                       vring_addr(&driver.tx, pair) };
        net_ring_write(q->free, &q->free_in, i, buffer);
        pairs[i] = (uint16_t)pair;
    }
    return count;
}

/* Hands the buffers of sent frames back. */
static void tx_return(void)
{
    net_queue_handle_t *q = &driver.tx_queue;
    uint16_t pairs[BATCH];
    bool transferred = false;

    while (!driver.broken) {
        uint32_t used = vring_used(&driver.tx);
        uint32_t room = net_ring_room(q->free, &q->free_in, q->capacity);
        uint32_t count = used < room ? used : room;

        if (used == VRING_BROKEN) {
            driver.broken = true;
            break;
        }
        if (count == 0) {
            break;
        }
        driver.journal->tx_free_tail = q->free_in.index;
        uint32_t staged = tx_stage(count < BATCH ? count : BATCH, pairs);
        net_ring_publish(q->free, &q->free_in, staged);
        for (uint32_t i = 0; i < staged; i++) {
            vring_release(&driver.tx, pairs[i]);
        }
        transferred = transferred || staged > 0;
        if (count <= BATCH) {
            break; /* what came meanwhile is for the next time */
        }
    }
    if (transferred && net_require_signal_free(q)) {
        net_cancel_signal_free(q);
        sddf_notify(config.virt_tx.id);
    }
}

/* --- The device ------------------------------------------------------------ */

/* Lays the rings out in ring memory.  After a restart they must lie where they
 * were, so the size is remembered there. */
static enum err rings_place(struct vdev_queue *rx, struct vdev_queue *tx)
{
    uint64_t size = device_resources.regions[1].region.size;
    uint32_t pairs = driver.journal->pairs;

    if (pairs == 0) {
        uint32_t max_rx = vdev_queue_max(driver.regs, QUEUE_RX);
        uint32_t max_tx = vdev_queue_max(driver.regs, QUEUE_TX);

        pairs = VRING_PAIRS_MAX;
        while (pairs > 0 && (2 * pairs > max_rx || 2 * pairs > max_tx)) {
            pairs /= 2;
        }
    }
    if (pairs > VRING_PAIRS_MAX || !bits_is_power_of_two(pairs) ||
        RINGS_OFFSET + 2ull * vring_size(pairs) > size) {
        return ERR_RANGE;
    }
    driver.journal->pairs = pairs;
    driver.rx.entries = &rx_entries;
    driver.tx.entries = &tx_entries;
    driver.rx_low = pairs < driver.rx_queue.capacity
                        ? pairs / 2
                        : driver.rx_queue.capacity / 2;
    *rx = vring_place(&driver.rx, driver.mem + RINGS_OFFSET,
        driver.mem_io + RINGS_OFFSET, pairs);
    *tx = vring_place(&driver.tx, driver.mem + RINGS_OFFSET + vring_size(pairs),
        driver.mem_io + RINGS_OFFSET + vring_size(pairs), pairs);
    return ERR_OK;
}

/* Settles one ring against the queues it stands between: `in` is the one that
 * entries come from, `out` the one that they go to. */
static void settle(struct vring *ring, net_queue_t *in, uint32_t in_head,
    net_queue_t *out, uint32_t out_tail, uint32_t capacity)
{
    uint16_t head = load_relaxed_16(&in->head);
    uint16_t count = (uint16_t)(load_acquire_16(&in->tail) - head);

    bool any =
        vring_settle(ring, load_relaxed_16(&out->tail) != (uint16_t)out_tail);
    if (!any || head != (uint16_t)in_head || count > capacity) {
        return; /* nothing in doubt, or the last batch was complete */
    }
    /* Buffers still in the queue are not ours yet. */
    for (uint32_t i = 0; i < count; i++) {
        uint32_t slot = (head + i) & (capacity - 1);

        vring_forget(ring, in->buffers[slot].desc.io_or_offset);
    }
}

/* Finds out which buffers the device had, and offers them again. */
static void rings_restart(void)
{
    net_queue_handle_t *rx = &driver.rx_queue;
    net_queue_handle_t *tx = &driver.tx_queue;
    uint64_t header = driver.mem_io + HEADER_OFFSET;

    settle(&driver.rx, rx->free, driver.journal->rx_free_head, rx->active,
        driver.journal->rx_active_tail, rx->capacity);
    settle(&driver.tx, tx->active, driver.journal->tx_active_head, tx->free,
        driver.journal->tx_free_tail, tx->capacity);
    /* 5.1.6.2: an all-zero header asks for nothing.  The device writes the
     * received headers to one place; nobody reads them. */
    (void)vring_restart(&driver.rx, header, true);
    stats_add(&driver.stats, TX_REPEATED,
        vring_restart(&driver.tx, header + 2 * HEADER_SIZE, false));
}

/* Brings the device up: VIRTIO 1.2, 3.1.1 and 5.1.5. */
static enum err device_start(void)
{
    struct vdev_queue rx;
    struct vdev_queue tx;
    uint32_t features;
    enum err err = vdev_reset(driver.regs, VIRTIO_ID_NET);

    if (err == ERR_OK) {
        err = vdev_negotiate(driver.regs, FEATURE_MAC, &features);
    }
    if (err == ERR_OK) {
        err = rings_place(&rx, &tx);
    }
    if (err != ERR_OK) {
        return err;
    }
    rings_restart();
    err = vdev_queue(driver.regs, QUEUE_RX, &rx);
    if (err == ERR_OK) {
        err = vdev_queue(driver.regs, QUEUE_TX, &tx);
    }
    if (err == ERR_OK) {
        vdev_go(driver.regs);
        driver.alive = true;
        driver.broken = false;
    }
    return err;
}

/* Starts a device, or one that broke the protocol once more; gives up after a
 * few times.  What the device had stays ours. */
static void device_restart(void)
{
    driver.alive = false;
    if (driver.resets++ >= RESETS_MAX) {
        sddf_dprintf("%s: device broken, giving up\n", sddf_get_pd_name());
        vdev_fail(driver.regs);
        return;
    }
    stats_set(&driver.stats, RESETS, driver.resets - 1);
    enum err err = device_start();
    if (err != ERR_OK) {
        sddf_dprintf("%s: device does not start, error %d\n",
            sddf_get_pd_name(), (int)err);
        vdev_fail(driver.regs);
        return;
    }
    rx_provide();
    tx_provide();
}

/* --- Events ----------------------------------------------------------------- */

/* Before we wait: Tx interrupts on exactly while somebody waits for them. */
static void tx_arm(void)
{
    for (uint32_t i = 0; i < VRING_PAIRS_MAX && !driver.broken; i++) {
        bool wanted =
            vring_in_flight(&driver.tx) > 0 &&
            (driver.tx_blocked || net_require_signal_free(&driver.tx_queue));

        driver.tx_awaited = wanted;
        vring_interrupts(&driver.tx, wanted);
        if (!wanted) {
            return;
        }
        /* Forbids that the look at used.idx comes before flags is visible. */
        mmio_publish();
        uint32_t used = vring_used(&driver.tx);
        if (used == 0) {
            return;
        }
        tx_return();
        if (used == vring_used(&driver.tx)) {
            return; /* no room: the virtualiser breaks its own rules */
        }
        if (driver.tx_blocked) {
            tx_provide();
        }
    }
}

static void handle_irq(void)
{
    uint32_t status = mmio_read32(driver.regs, VIRTIO_MMIO_INTERRUPT_STATUS);

    /* Acknowledge first: what the device adds from here on raises the line
     * again (4.2.3.4.1).  Then look: no load may come before that write. */
    mmio_write32(driver.regs, VIRTIO_MMIO_INTERRUPT_ACK, status);
    mmio_observe();
    stats_add(&driver.stats, INTERRUPTS, 1);
    if ((status & VIRTIO_MMIO_INT_CONFIG) != 0 &&
        (mmio_read32(driver.regs, VIRTIO_MMIO_STATUS) &
            VIRTIO_STATUS_NEEDS_RESET) != 0) {
        driver.broken = true;
        return;
    }
    rx_return();
    rx_provide();
    if (driver.tx_awaited) {
        tx_return(); /* else the next frame to send is early enough */
    }
    if (driver.tx_blocked) {
        tx_provide();
    }
}

/** An interrupt, empty buffers, or frames to send. */
void notified(sddf_channel ch)
{
    if (!driver.alive) {
        return;
    }
    if (ch == device_resources.irqs[0].id) {
        handle_irq();
        sddf_deferred_irq_ack(ch);
    } else if (ch == config.virt_rx.id) {
        rx_return();
        rx_provide();
    } else if (ch == config.virt_tx.id) {
        tx_return();
        tx_provide();
    }
    if (!driver.broken) {
        tx_arm();
    }
    if (driver.broken) {
        device_restart();
    }
    stats_set(&driver.stats, RX_POSTED, vring_in_flight(&driver.rx));
    stats_set(&driver.stats, TX_POSTED, vring_in_flight(&driver.tx));
    if (driver.activations++ % 64 == 0) {
        stats_set(&driver.stats, BAD_PEER,
            net_queue_bad_peer(&driver.rx_queue) +
                net_queue_bad_peer(&driver.tx_queue));
    }
}

/** Takes over the device, whatever state it is in. */
void init(void)
{
    CHECK(net_config_check_magic(&config));
    CHECK(device_resources_check_magic(&device_resources));
    CHECK(device_resources.num_regions == 2 && device_resources.num_irqs == 1);
    CHECK(device_resources.regions[1].region.size >= RINGS_OFFSET);
    CHECK(bits_is_power_of_two(config.virt_rx.num_buffers));
    CHECK(bits_is_power_of_two(config.virt_tx.num_buffers));

    driver.regs = (uintptr_t)device_resources.regions[0].region.vaddr;
    driver.mem = device_resources.regions[1].region.vaddr;
    driver.mem_io = device_resources.regions[1].io_addr;
    driver.journal = (struct journal *)(void *)driver.mem;
    driver.resets = 0;
    driver.tx_blocked = false;
    driver.tx_awaited = false;
    driver.activations = 0;
    stats_init(&driver.stats, &stats_config, sddf_get_pd_name(), counter_names,
        COUNTERS);
    net_queue_init(&driver.rx_queue, config.virt_rx.free_queue.vaddr,
        config.virt_rx.active_queue.vaddr, config.virt_rx.num_buffers);
    net_queue_init(&driver.tx_queue, config.virt_tx.free_queue.vaddr,
        config.virt_tx.active_queue.vaddr, config.virt_tx.num_buffers);
    device_restart();
}
