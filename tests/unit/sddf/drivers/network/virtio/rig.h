/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rig.h - the virtio net driver between a device that a test plays and fake
 * virtualisers.
 *
 * Shape     included once by a test program; it brings the driver's source, so
 *           that its state can be looked at.
 * Owner     the test.
 * Trust     the device is as wrong as the test wants it to be.
 * Source    VIRTIO 1.2, 2.7, 4.2 and 5.1.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sddf/drivers/network/virtio/net_virtio.c"
#include "tests/unit/net_rig.h"

#define IRQ       1u
#define VIRT_RX   2u
#define VIRT_TX   3u
#define N_BUFFERS 64u
#define RINGS_IO  0x40000000u
#define RX_IO     0x50000000u
#define TX_IO     0x60000000u
#define REGS      0xa000000u

static uint8_t rings[0x12000] __attribute__((aligned(4096)));
static struct net_link rx_link;
static struct net_link tx_link;
static net_queue_handle_t rx_virt;
static net_queue_handle_t tx_virt;
static struct stats_page page;

/* --- The device -------------------------------------------------------------- */

struct fake_queue {
    uint32_t num;
    uint32_t ready;
    uint64_t address[3]; /* descriptors, available, used */
    uint16_t seen;       /* available entries taken */
    uint16_t used;
};

static struct {
    uint32_t magic, version, id, num_max;
    uint64_t features, accepted;
    uint32_t device_sel, driver_sel, queue_sel;
    uint32_t status, isr;
    bool refuse_features, never_reset;
    struct fake_queue queue[2];
    uint32_t notified[2];
    uint32_t resets;
} dev;

static inline void dev_reset(void)
{
    memset(dev.queue, 0, sizeof(dev.queue));
    dev.status = 0;
    dev.isr = 0;
    dev.resets++;
}

uint32_t fake_mmio_read(uintptr_t base, uint32_t offset, uint32_t width)
{
    assert_int_equal(base, REGS);
    assert_int_equal(width, 4);
    switch (offset) {
    case VIRTIO_MMIO_MAGIC:
        return dev.magic;
    case VIRTIO_MMIO_VERSION:
        return dev.version;
    case VIRTIO_MMIO_DEVICE_ID:
        return dev.id;
    case VIRTIO_MMIO_DEVICE_FEATURES:
        return (uint32_t)(dev.features >> (32 * dev.device_sel));
    case VIRTIO_MMIO_QUEUE_NUM_MAX:
        return dev.queue_sel < 2 ? dev.num_max : 0;
    case VIRTIO_MMIO_QUEUE_READY:
        return dev.queue[dev.queue_sel].ready;
    case VIRTIO_MMIO_INTERRUPT_STATUS:
        return dev.isr;
    case VIRTIO_MMIO_STATUS:
        return dev.status;
    default:
        fail_msg("read of register %x", offset);
        return 0;
    }
}

static inline void dev_status(uint32_t value)
{
    if (value == 0) {
        if (!dev.never_reset) {
            dev_reset();
        }
        return;
    }
    if (dev.refuse_features) {
        value &= ~(uint32_t)VIRTIO_STATUS_FEATURES_OK;
    }
    dev.status = value;
}

static inline void dev_address(uint32_t offset, uint32_t value)
{
    uint32_t part = (offset - VIRTIO_MMIO_QUEUE_DESC_LOW) / 0x10;
    uint32_t shift = offset & 4 ? 32 : 0;

    assert_in_range(part, 0, 2);
    dev.queue[dev.queue_sel].address[part] |= (uint64_t)value << shift;
}

void fake_mmio_write(
    uintptr_t base, uint32_t offset, uint32_t width, uint32_t value)
{
    assert_int_equal(base, REGS);
    assert_int_equal(width, 4);
    switch (offset) {
    case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
        dev.device_sel = value;
        break;
    case VIRTIO_MMIO_DRIVER_FEATURES_SEL:
        dev.driver_sel = value;
        break;
    case VIRTIO_MMIO_DRIVER_FEATURES:
        dev.accepted |= (uint64_t)value << (32 * dev.driver_sel);
        break;
    case VIRTIO_MMIO_QUEUE_SEL:
        assert_in_range(value, 0, 1);
        dev.queue_sel = value;
        break;
    case VIRTIO_MMIO_QUEUE_NUM:
        dev.queue[dev.queue_sel].num = value;
        break;
    case VIRTIO_MMIO_QUEUE_READY:
        dev.queue[dev.queue_sel].ready = value;
        break;
    case VIRTIO_MMIO_QUEUE_NOTIFY:
        assert_in_range(value, 0, 1);
        dev.notified[value]++;
        break;
    case VIRTIO_MMIO_INTERRUPT_ACK:
        dev.isr &= ~value;
        break;
    case VIRTIO_MMIO_STATUS:
        dev_status(value);
        break;
    default:
        dev_address(offset, value);
        break;
    }
}

/* Memory at a device address inside ring memory. */
static inline void *ring_at(uint64_t io)
{
    assert_true(io >= RINGS_IO && io < RINGS_IO + sizeof(rings));
    return rings + (io - RINGS_IO);
}

static inline struct virtq_used *dev_used_ring(uint32_t q)
{
    return ring_at(dev.queue[q].address[2]);
}

/* Takes the next available entry; false if there is none.  Checks that it is
 * a header and a frame, as the specification wants. */
static inline bool dev_take(uint32_t q, uint32_t *id, struct virtq_desc *frame)
{
    struct fake_queue *queue = &dev.queue[q];
    struct virtq_avail *avail = ring_at(queue->address[1]);
    struct virtq_desc *desc = ring_at(queue->address[0]);
    uint16_t write = q == QUEUE_RX ? VIRTQ_DESC_F_WRITE : 0;

    assert_int_equal(queue->ready, 1);
    if (queue->seen == avail->idx) {
        return false;
    }
    *id = avail->ring[queue->seen++ % queue->num];
    assert_true(*id < queue->num);
    assert_int_equal(desc[*id].flags, VIRTQ_DESC_F_NEXT | write);
    assert_int_equal(desc[*id].len, HEADER_SIZE);
    (void)ring_at(desc[*id].addr);
    assert_true(desc[*id].next < queue->num);
    *frame = desc[desc[*id].next];
    assert_int_equal(frame->flags, write);
    return true;
}

/* Marks an entry as used. */
static inline void dev_use(uint32_t q, uint32_t id, uint32_t len)
{
    struct fake_queue *queue = &dev.queue[q];
    struct virtq_used *used = dev_used_ring(q);

    used->ring[queue->used % queue->num].id = id;
    used->ring[queue->used % queue->num].len = len;
    used->idx = ++queue->used;
    dev.isr |= VIRTIO_MMIO_INT_RING;
}

/* Receives a frame; false without a buffer. */
static inline bool dev_receive(uint32_t len)
{
    struct virtq_desc frame;
    uint32_t id;

    if (!dev_take(QUEUE_RX, &id, &frame)) {
        return false;
    }
    assert_true(frame.addr >= RX_IO);
    assert_int_equal(frame.len, NET_BUFFER_SIZE);
    dev_use(QUEUE_RX, id, len + HEADER_SIZE);
    return true;
}

/* Sends up to `max` frames. */
static inline uint32_t dev_send(uint32_t max)
{
    struct virtq_desc frame;
    uint32_t id;
    uint32_t count = 0;

    while (count < max && dev_take(QUEUE_TX, &id, &frame)) {
        assert_true(frame.addr >= TX_IO);
        dev_use(QUEUE_TX, id, 0);
        count++;
    }
    return count;
}

/* The interrupt, if the device raises it. */
static inline void interrupt(void)
{
    if (dev.isr != 0) {
        notified(IRQ);
    }
}

static inline bool tx_interrupts_wanted(void)
{
    struct virtq_avail *avail = ring_at(dev.queue[QUEUE_TX].address[1]);

    return avail->flags == 0;
}

/* --- The neighbours ------------------------------------------------------------ */

static inline void dev_defaults(void)
{
    memset(&dev, 0, sizeof(dev));
    dev.magic = VIRTIO_MMIO_MAGIC_VALUE;
    dev.version = VIRTIO_MMIO_VERSION_2;
    dev.id = VIRTIO_ID_NET;
    dev.num_max = 256;
    dev.features = (UINT64_C(1) << 32) | 0xffff;
}

static inline int prepare(void **state)
{
    (void)state;
    fake_sddf_reset();
    dev_defaults();
    memset(&config, 0, sizeof(config));
    memset(&device_resources, 0, sizeof(device_resources));
    memset(&driver, 0, sizeof(driver));
    memset(&page, 0, sizeof(page));
    memset(rings, 0, sizeof(rings));
    stats_config = (struct stats_config){ STATS_MAGIC, (uintptr_t)&page };
    memcpy(device_resources.magic, DEVICE_MAGIC, DEVICE_MAGIC_LEN);
    device_resources.num_regions = 2;
    device_resources.num_irqs = 1;
    device_resources.irqs[0].id = IRQ;
    device_resources.regions[0].region.vaddr = (void *)REGS;
    device_resources.regions[1] =
        (device_region_resource_t){ { rings, sizeof(rings) }, RINGS_IO };
    rx_link = rig_link(N_BUFFERS);
    tx_link = rig_link(N_BUFFERS);
    rx_virt = rig_handle(&rx_link);
    tx_virt = rig_handle(&tx_link);
    memcpy(config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    config.virt_rx = rig_conn(&rx_link, VIRT_RX);
    config.virt_tx = rig_conn(&tx_link, VIRT_TX);
    net_buffers_init(&rx_virt, RX_IO);
    return 0;
}

static inline int set_up(void **state)
{
    (void)prepare(state);
    init();
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    rig_unlink(&rx_link);
    rig_unlink(&tx_link);
    return 0;
}

static inline uint64_t counted(enum counter counter)
{
    return page.entry[counter].value;
}

static inline void send(uint32_t n)
{
    net_buff_desc_t buffer = { .io_or_offset = TX_IO + n * NET_BUFFER_SIZE,
        .len = 60 };

    assert_int_equal(net_enqueue_active(&tx_virt, buffer), 0);
}

/* Where every buffer is: marks those in a queue and those in descriptors, and
 * fails if one is in two places. */
struct census {
    bool seen[N_BUFFERS];
    uint32_t count;
};

static inline void census_add(struct census *census, uint64_t io, uint64_t base)
{
    uint64_t index = (io - base) / NET_BUFFER_SIZE;

    assert_true(index < N_BUFFERS);
    assert_false(census->seen[index]);
    census->seen[index] = true;
    census->count++;
}

static inline void census_queue(
    struct census *census, const net_queue_t *q, uint64_t base)
{
    for (uint16_t i = q->head; i != q->tail; i++) {
        census_add(census, q->buffers[i % N_BUFFERS].desc.io_or_offset, base);
    }
}

static inline void census_ring(
    struct census *census, const struct vring *ring, uint64_t base)
{
    for (uint32_t pair = 0; pair < ring->pairs; pair++) {
        if (vring_state(ring, pair) != 0) {
            assert_int_equal(vring_state(ring, pair) & VRING_STAGED, 0);
            census_add(census, vring_addr(ring, pair), base);
        }
    }
}

/* Rx buffers that are somewhere; the rest the test has taken. */
static inline uint32_t rx_census(void)
{
    struct census census = { .count = 0 };

    census_queue(&census, rx_link.free, RX_IO);
    census_queue(&census, rx_link.active, RX_IO);
    census_ring(&census, &driver.rx, RX_IO);
    return census.count;
}

static inline uint32_t tx_census(void)
{
    struct census census = { .count = 0 };

    census_queue(&census, tx_link.free, TX_IO);
    census_queue(&census, tx_link.active, TX_IO);
    census_ring(&census, &driver.tx, TX_IO);
    return census.count;
}

/* A new incarnation: private memory is fresh, shared memory is not. */
static inline void restart(void)
{
    memset(&driver, 0x5a, sizeof(driver));
    init();
}

/* --- Checksum hints ------------------------------------------------------------ */

static inline struct vring_header *dev_header(uint32_t q, uint32_t id)
{
    struct virtq_desc *desc = ring_at(dev.queue[q].address[0]);

    return ring_at(desc[id].addr);
}

/* Receives a frame of 100 bytes with such a header; returns what the
 * virtualiser gets. */
static inline net_buff_desc_t receive_with(struct vring_header header)
{
    struct virtq_desc frame;
    net_buff_desc_t got;
    uint32_t id;

    assert_true(dev_take(QUEUE_RX, &id, &frame));
    *dev_header(QUEUE_RX, id) = header;
    dev_use(QUEUE_RX, id, 100 + HEADER_SIZE);
    interrupt();
    assert_int_equal(net_dequeue_active(&rx_virt, &got), 0);
    assert_int_equal(got.len, 100);
    assert_int_equal(net_enqueue_free(&rx_virt, got), 0);
    return got;
}

/* Everybody behind the virtualiser accepts hints. */
static inline void accept_hints(void)
{
    assert_true(net_hints_offered(&rx_virt));
    net_hints_accept(&rx_virt, true);
    notified(VIRT_RX);
    assert_true((dev.accepted & FEATURE_GUEST_CSUM) != 0);
}
