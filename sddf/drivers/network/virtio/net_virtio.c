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
 * Signals.  The Rx free queue is looked at when the device has used a batch of
 * buffers; the driver asks for a signal only when the device is short of them.
 * Sent frames are collected a batch at a time too, and Tx interrupts are off,
 * unless somebody waits for the buffers: the Tx virtualiser says so in the
 * signal flag of the Tx free queue, before it signals new frames.  Only the
 * virtualiser takes that wish back: until it has seen the buffers it was
 * signalled, nobody knows whether they are enough.
 *
 * Checksums.  Where the device can, it fills in those of frames to send and vouches
 * for those of received ones (hints.h).  Received ones may then be partial, so
 * that is asked for when the virtualiser says that everybody behind it copes:
 * the device is started once more.
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
#include <sddf/network/hints.h>
#include <sddf/network/queue.h>
#include <sddf/resources/device.h>
#include <sddf/util/printf.h>
#include <sddf/util/state.h>
#include <sddf/util/stats.h>
#include <sddf/virtio/mmio_regs.h>

#include "base/attr.h"
#include "base/check.h"
#include "base/mmio.h"
#include "sddf/drivers/network/virtio/vdev.h"
#include "sddf/drivers/network/virtio/vring.h"

/* VIRTIO 1.2, 5.1.2 and 5.1.3 */
#define QUEUE_RX           0
#define QUEUE_TX           1
#define FEATURE_CSUM       (1u << 0)
#define FEATURE_GUEST_CSUM (1u << 1)
#define FEATURE_MAC        (1u << 5)

/* 5.1.6, flags of a header */
#define HEADER_NEEDS_CSUM 1u
#define HEADER_DATA_VALID 2u

#define HEADER_SIZE  VRING_HEADER_SIZE
#define BATCH        64 /* used entries handled together, at most */
#define LAZY         16 /* entries used before we look, if there are many */
#define RESETS_MAX   16
#define RINGS_OFFSET 0x100

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
    BAD_CHECKSUM,
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
    "bad_checksum",
    "interrupts",
    "bad_used",
    "resets",
    "bad_peer",
};

struct driver {
    uintptr_t regs;
    struct stats stats;
    struct journal *journal;
    net_queue_handle_t rx_queue;
    net_queue_handle_t tx_queue;
    struct vring rx;
    struct vring tx;
    uint32_t rx_full; /* buffers with the device when none is missing */
    uint32_t rx_lazy; /* with fewer buffers it is time to look for more */
    uint32_t rx_low;  /* with fewer buffers the device is short of them */
    uint32_t tx_lazy; /* with so many frames it is time to collect some */
    uint32_t resets;
    uint32_t activations;
    bool alive;      /* the device is up */
    bool broken;     /* the device broke the protocol in this activation */
    bool tx_blocked; /* frames wait for free entries */
    bool tx_awaited; /* somebody waits for Tx buffers */
    bool rx_could;   /* the device could vouch for checksums, ... */
    bool rx_hints;   /* ... and it does */
    bool tx_hints;   /* it fills in checksums */
    uint8_t *mem;    /* ring memory */
    uint64_t mem_io; /* the same for the device */
};

static struct driver driver;

static struct vring_entries rx_entries;
static struct vring_entries tx_entries;

/* --- Receive --------------------------------------------------------------- */

/* Posts what is in the Rx free queue, as far as there are entries. */
static void rx_post_batch(struct driver *d)
{
    net_queue_handle_t *q = &d->rx_queue;
    uint32_t ready = net_ring_ready(q->free, &q->free_out, q->capacity);
    uint32_t count = ready < d->rx.free_count ? ready : d->rx.free_count;
    struct net_span span = net_ring_span(q->free, &q->free_out);

    d->journal->rx_free_head = q->free_out.index;
    for (uint32_t i = 0; i < count; i++) {
        net_buff_desc_t buffer = net_span_read(&span, i);

        vring_post(&d->rx, buffer.io_or_offset, NET_BUFFER_SIZE);
    }
    if (count > 0) {
        net_ring_consume(q->free, &q->free_out, count);
    }
    if (vring_publish(&d->rx)) {
        mmio_write32(d->regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_RX);
    }
}

/* Gives empty buffers to the device; asks for a signal if it is short. */
NOINLINE static void rx_provide(struct driver *d)
{
    rx_post_batch(d);
    if (vring_in_flight(&d->rx) >= d->rx_low) {
        net_cancel_signal_free(&d->rx_queue);
        return;
    }
    net_request_signal_free(&d->rx_queue);
    rx_post_batch(d); /* what came before the request was visible */
}

/* The device does not follow the protocol. */
COLD static void device_broke(struct driver *d)
{
    stats_add(&d->stats, BAD_USED, 1);
    d->broken = true;
}

/* The device says that it received a frame of no possible length. */
COLD static void rx_refuse(struct driver *d, uint32_t pair)
{
    stats_add(&d->stats, RX_BAD_LENGTH, 1);
    vring_repeat(&d->rx, pair);
    if (vring_publish(&d->rx)) {
        mmio_write32(d->regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_RX);
    }
}

/* Is the field of a partial checksum inside the frame?  If not, it is the
 * frame's own fault: it goes on as if nothing was said. */
static inline bool hint_fits(struct driver *d, net_buff_desc_t frame)
{
    if (__builtin_expect(net_hint_fits(frame), true)) {
        return true;
    }
    stats_add(&d->stats, BAD_CHECKSUM, 1);
    return false;
}

/* What the device says about the checksum of a frame: 5.1.6.4. */
static inline void rx_hint(
    struct driver *d, uint32_t pair, net_buff_desc_t *frame)
{
    const struct vring_header *header = &d->rx.header[pair];
    uint8_t flags = __atomic_load_n(&header->flags, __ATOMIC_RELAXED);

    if ((flags & HEADER_NEEDS_CSUM) != 0) {
        frame->checksum_start =
            __atomic_load_n(&header->csum_start, __ATOMIC_RELAXED);
        frame->checksum_offset =
            __atomic_load_n(&header->csum_offset, __ATOMIC_RELAXED);
        frame->checksum =
            hint_fits(d, *frame) ? NET_CHECKSUM_PARTIAL : NET_CHECKSUM_NONE;
    } else if ((flags & HEADER_DATA_VALID) != 0) {
        frame->checksum = NET_CHECKSUM_GOOD;
    }
}

/* Takes `count` used entries into the Rx active queue.  Returns how many
 * elements were written; bad ones are posted again. */
static inline uint32_t rx_stage(
    struct driver *d, uint32_t count, uint16_t *pairs)
{
    net_queue_handle_t *q = &d->rx_queue;
    struct net_span span = net_ring_span(q->active, &q->active_in);
    uint32_t staged = 0;
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct vring_taken used;

        if (!vring_take(&d->rx, &used)) {
            device_broke(d);
            break;
        }
        /* 5.1.6.4: len counts the header too */
        if (used.len <= HEADER_SIZE ||
            used.len - HEADER_SIZE > NET_BUFFER_SIZE) {
            rx_refuse(d, used.pair);
            continue;
        }
        net_buff_desc_t buffer = { .io_or_offset = used.addr,
            .len = (uint16_t)(used.len - HEADER_SIZE) };
        if (d->rx_hints) {
            rx_hint(d, used.pair, &buffer);
        }
        net_span_write(&span, staged, buffer);
        pairs[staged++] = (uint16_t)used.pair;
        bytes += buffer.len;
    }
    stats_add(&d->stats, RX_PACKETS, staged);
    stats_add(&d->stats, RX_BYTES, bytes);
    return staged;
}

/* Used entries that may be handed on, given the room in the queue. */
static inline uint32_t used_entries(
    struct driver *d, struct vring *ring, uint32_t room)
{
    uint32_t used = vring_used(ring);

    if (used == VRING_BROKEN) {
        d->broken = true;
        return 0;
    }
    return used < room ? used : room;
}

/* Hands received frames to the virtualiser. */
static inline void rx_return(struct driver *d)
{
    net_queue_handle_t *q = &d->rx_queue;
    uint16_t pairs[BATCH];
    bool transferred = false;

    while (!d->broken) {
        uint32_t count = used_entries(
            d, &d->rx, net_ring_room(q->active, &q->active_in, q->capacity));

        if (count == 0) {
            break;
        }
        d->journal->rx_active_tail = q->active_in.index;
        uint32_t staged = rx_stage(d, count < BATCH ? count : BATCH, pairs);
        if (staged > 0) {
            net_ring_publish(q->active, &q->active_in, staged);
            vring_release(&d->rx, pairs, staged);
            transferred = true;
        }
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
COLD static bool tx_refuse(struct driver *d)
{
    net_queue_handle_t *q = &d->tx_queue;
    net_buff_desc_t buffer = net_ring_read(q->active, &q->active_out, 0);

    if (net_enqueue_free(q, buffer) != 0) {
        return false;
    }
    net_ring_consume(q->active, &q->active_out, 1);
    stats_add(&d->stats, TX_BAD_LENGTH, 1);
    return true;
}

/* Is this the length of a frame in a buffer? */
static inline bool tx_length_ok(net_buff_desc_t buffer)
{
    return buffer.len > 0 && buffer.len <= NET_BUFFER_SIZE;
}

/* Writes the header of the next frame to post.  The device fills in a checksum
 * for whoever asked in this descriptor, and in no other frame: 5.1.6.2. */
static inline void tx_hint(struct driver *d, net_buff_desc_t frame)
{
    struct vring_header *header = &d->tx.header[vring_next(&d->tx)];

    header->flags = 0;
    if (net_hint_is_meant(&d->tx_queue, frame) &&
        frame.checksum == NET_CHECKSUM_PARTIAL && hint_fits(d, frame)) {
        header->flags = HEADER_NEEDS_CSUM;
        header->csum_start = frame.checksum_start;
        header->csum_offset = frame.checksum_offset;
    }
}

/* Posts up to `limit` frames of the Tx active queue, or refuses the first.
 * False if it is a bad one and there is no room to return it. */
static inline bool tx_post_batch(struct driver *d, uint32_t limit)
{
    net_queue_handle_t *q = &d->tx_queue;
    struct net_span span = net_ring_span(q->active, &q->active_out);
    uint32_t count = 0;
    uint64_t bytes = 0;

    d->journal->tx_active_head = q->active_out.index;
    for (; count < limit; count++) {
        net_buff_desc_t buffer = net_span_read(&span, count);

        if (!tx_length_ok(buffer)) {
            break;
        }
        if (d->tx_hints) {
            tx_hint(d, buffer);
        }
        vring_post(&d->tx, buffer.io_or_offset, buffer.len);
        bytes += buffer.len;
    }
    if (count == 0) {
        return tx_refuse(d);
    }
    net_ring_consume(q->active, &q->active_out, count);
    stats_add(&d->stats, TX_PACKETS, count);
    stats_add(&d->stats, TX_BYTES, bytes);
    return true;
}

/* Gives frames to the device: one notification for all of them. */
static inline void tx_provide(struct driver *d)
{
    net_queue_handle_t *q = &d->tx_queue;
    bool stuck = false;

    d->tx_blocked = false;
    while (!stuck) {
        uint32_t ready = net_ring_ready(q->active, &q->active_out, q->capacity);
        uint32_t limit = ready < d->tx.free_count ? ready : d->tx.free_count;

        if (limit > 0) {
            stuck = !tx_post_batch(d, limit);
        }
        if (d->tx.free_count == 0) {
            net_cancel_signal_active(q);
            d->tx_blocked = true; /* the next tx_return() goes on */
            break;
        }
        net_request_signal_active(q);
        if (net_queue_empty_active(q)) {
            break;
        }
    }
    if (vring_publish(&d->tx)) {
        mmio_write32(d->regs, VIRTIO_MMIO_QUEUE_NOTIFY, QUEUE_TX);
    }
}

/* The same where it is seldom needed. */
NOINLINE static void tx_provide_again(struct driver *d)
{
    tx_provide(d);
}

/* Takes used Tx entries; returns how many were written to the free queue. */
static inline uint32_t tx_stage(
    struct driver *d, uint32_t count, uint16_t *pairs)
{
    net_queue_handle_t *q = &d->tx_queue;
    struct net_span span = net_ring_span(q->free, &q->free_in);

    for (uint32_t i = 0; i < count; i++) {
        struct vring_taken used;

        if (!vring_take(&d->tx, &used)) {
            device_broke(d);
            return i;
        }
        net_buff_desc_t buffer = { .io_or_offset = used.addr };
        net_span_write(&span, i, buffer);
        pairs[i] = (uint16_t)used.pair;
    }
    return count;
}

/* Hands the buffers of sent frames back. */
NOINLINE static void tx_return(struct driver *d)
{
    net_queue_handle_t *q = &d->tx_queue;
    uint16_t pairs[BATCH];
    bool transferred = false;

    while (!d->broken) {
        uint32_t count = used_entries(
            d, &d->tx, net_ring_room(q->free, &q->free_in, q->capacity));

        if (count == 0) {
            break;
        }
        d->journal->tx_free_tail = q->free_in.index;
        uint32_t staged = tx_stage(d, count < BATCH ? count : BATCH, pairs);
        if (staged > 0) {
            net_ring_publish(q->free, &q->free_in, staged);
            vring_release(&d->tx, pairs, staged);
            transferred = true;
        }
        if (count <= BATCH) {
            break; /* what came meanwhile is for the next time */
        }
    }
    if (transferred && net_require_signal_free(q)) {
        sddf_notify(config.virt_tx.id);
    }
}

/* --- The device ------------------------------------------------------------ */

/* How many of `count` entries may be used before we look. */
static uint32_t lazily(uint32_t count)
{
    return count / 8 < LAZY ? count / 8 : LAZY;
}

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
    driver.rx_full =
        pairs < driver.rx_queue.capacity ? pairs : driver.rx_queue.capacity;
    driver.rx_low = driver.rx_full / 2;
    driver.rx_lazy = driver.rx_full - lazily(driver.rx_full) + 1;
    driver.tx_lazy = lazily(pairs);
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

    settle(&driver.rx, rx->free, driver.journal->rx_free_head, rx->active,
        driver.journal->rx_active_tail, rx->capacity);
    settle(&driver.tx, tx->active, driver.journal->tx_active_head, tx->free,
        driver.journal->tx_free_tail, tx->capacity);
    /* 5.1.6.2: an all-zero header asks for nothing.  Headers of frames that are
     * sent again are in ring memory as they were. */
    if (!driver.tx_hints) {
        __builtin_memset(
            driver.tx.header, 0, driver.tx.pairs * sizeof(struct vring_header));
    }
    (void)vring_restart(&driver.rx, true);
    stats_add(&driver.stats, TX_REPEATED, vring_restart(&driver.tx, false));
}

/* Agrees with the device on features, and says to the neighbours what it can
 * do: received checksums only once they accept hints. */
static enum err features_agree(void)
{
    uint32_t wanted = FEATURE_MAC | FEATURE_CSUM;
    uint32_t offered;
    uint32_t features;

    if (net_hints_accepted(&driver.rx_queue)) {
        wanted |= FEATURE_GUEST_CSUM;
    }
    enum err err = vdev_negotiate(driver.regs, wanted, &offered, &features);
    if (err != ERR_OK) {
        return err;
    }
    driver.rx_could = (offered & FEATURE_GUEST_CSUM) != 0;
    driver.rx_hints = (features & FEATURE_GUEST_CSUM) != 0;
    driver.tx_hints = (features & FEATURE_CSUM) != 0;
    net_hints_offer(&driver.rx_queue, driver.rx_could);
    net_hints_accept(&driver.tx_queue, driver.tx_hints);
    return ERR_OK;
}

/* Brings the device up: VIRTIO 1.2, 3.1.1 and 5.1.5. */
static enum err device_start(void)
{
    struct vdev_queue rx;
    struct vdev_queue tx;
    enum err err = vdev_reset(driver.regs, VIRTIO_ID_NET);

    if (err == ERR_OK) {
        err = features_agree();
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
        driver.tx_awaited = true; /* interrupts are on: see tx_arm() */
    }
    return err;
}

/* Starts the device and gives it what there is. */
COLD static void device_begin(void)
{
    enum err err = device_start();
    if (err != ERR_OK) {
        sddf_dprintf("%s: device does not start, error %d\n",
            sddf_get_pd_name(), (int)err);
        vdev_fail(driver.regs);
        return;
    }
    rx_provide(&driver);
    tx_provide_again(&driver);
}

/* Starts a device, or one that broke the protocol once more; gives up after a
 * few times.  What the device had stays ours. */
COLD static void device_restart(void)
{
    driver.alive = false;
    if (driver.resets++ >= RESETS_MAX) {
        sddf_dprintf("%s: device broken, giving up\n", sddf_get_pd_name());
        vdev_fail(driver.regs);
        return;
    }
    stats_set(&driver.stats, RESETS, driver.resets - 1);
    device_begin();
}

/* The neighbours accept hints: asks the device for received checksums, too,
 * unless it gives them, or cannot.  Happens once, so it is no failure of the
 * device's; the caller has handed on what it had received. */
COLD static void rx_hints_begin(struct driver *d)
{
    if (!d->broken) {
        d->alive = false;
        device_begin();
    }
}

/* --- Events ----------------------------------------------------------------- */

/* Does somebody wait for frames to be sent? */
static inline bool tx_wanted(struct driver *d)
{
    return vring_in_flight(&d->tx) > 0 &&
           (d->tx_blocked || net_require_signal_free(&d->tx_queue));
}

/* Tx interrupts on, until nobody waits any more. */
NOINLINE static void tx_await(struct driver *d)
{
    for (uint32_t i = 0; i < VRING_PAIRS_MAX && !d->broken; i++) {
        vring_interrupts(&d->tx, true);
        d->tx_awaited = true;
        /* Forbids that the look at used.idx comes before flags is visible. */
        mmio_publish();
        uint32_t used = vring_used(&d->tx);
        if (used == 0) {
            return;
        }
        tx_return(d);
        if (used == vring_used(&d->tx)) {
            return; /* no room: the virtualiser breaks its own rules */
        }
        if (d->tx_blocked) {
            tx_provide_again(d);
        }
        if (!tx_wanted(d)) {
            break;
        }
    }
    vring_interrupts(&d->tx, false);
    d->tx_awaited = false;
}

/* Before we wait: Tx interrupts on exactly while somebody waits for them. */
static inline void tx_arm(struct driver *d)
{
    if (tx_wanted(d)) {
        tx_await(d);
    } else if (d->tx_awaited) {
        vring_interrupts(&d->tx, false);
        d->tx_awaited = false;
    }
}

/* The device changed its configuration: has it given up? */
COLD static bool device_gave_up(struct driver *d)
{
    d->broken = (mmio_read32(d->regs, VIRTIO_MMIO_STATUS) &
                    VIRTIO_STATUS_NEEDS_RESET) != 0;
    return d->broken;
}

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
    if ((status & VIRTIO_MMIO_INT_CONFIG) != 0 && device_gave_up(d)) {
        return;
    }
    rx_event(d);
    if (d->tx_awaited) {
        tx_return(d); /* else the next frames to send are early enough */
        if (d->tx_blocked) {
            tx_provide_again(d);
        }
        tx_arm(d);
        stats_set(&d->stats, TX_POSTED, vring_in_flight(&d->tx));
    }
}

/* Frames to send, or a wish for the buffers of sent ones. */
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
    if (ch == device_resources.irqs[0].id) {
        sddf_deferred_irq_ack(ch);
        handle_irq(d);
    } else if (ch == config.virt_tx.id) {
        tx_event(d);
    } else if (ch == config.virt_rx.id) {
        rx_event(d);
        if (d->rx_could && !d->rx_hints && net_hints_accepted(&d->rx_queue)) {
            rx_hints_begin(d);
        }
    }
    if (d->broken) {
        device_restart();
    }
    if (d->activations++ % 64 == 0) {
        show_bad_peers(d);
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
    device_restart();
}
