/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtio net driver against a device that this test plays, well behaved or
 * not; and restarts in the middle of things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

static uint8_t rings[0x10000] __attribute__((aligned(4096)));
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

static void dev_reset(void)
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

static void dev_status(uint32_t value)
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

static void dev_address(uint32_t offset, uint32_t value)
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
static void *ring_at(uint64_t io)
{
    assert_true(io >= RINGS_IO && io < RINGS_IO + sizeof(rings));
    return rings + (io - RINGS_IO);
}

static struct virtq_used *dev_used_ring(uint32_t q)
{
    return ring_at(dev.queue[q].address[2]);
}

/* Takes the next available entry; false if there is none.  Checks that it is
 * a header and a frame, as the specification wants. */
static bool dev_take(uint32_t q, uint32_t *id, struct virtq_desc *frame)
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
static void dev_use(uint32_t q, uint32_t id, uint32_t len)
{
    struct fake_queue *queue = &dev.queue[q];
    struct virtq_used *used = dev_used_ring(q);

    used->ring[queue->used % queue->num].id = id;
    used->ring[queue->used % queue->num].len = len;
    used->idx = ++queue->used;
    dev.isr |= VIRTIO_MMIO_INT_RING;
}

/* Receives a frame; false without a buffer. */
static bool dev_receive(uint32_t len)
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
static uint32_t dev_send(uint32_t max)
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
static void interrupt(void)
{
    if (dev.isr != 0) {
        notified(IRQ);
    }
}

static bool tx_interrupts_wanted(void)
{
    struct virtq_avail *avail = ring_at(dev.queue[QUEUE_TX].address[1]);

    return avail->flags == 0;
}

/* --- The neighbours ------------------------------------------------------------ */

static void dev_defaults(void)
{
    memset(&dev, 0, sizeof(dev));
    dev.magic = VIRTIO_MMIO_MAGIC_VALUE;
    dev.version = VIRTIO_MMIO_VERSION_2;
    dev.id = VIRTIO_ID_NET;
    dev.num_max = 256;
    dev.features = (UINT64_C(1) << 32) | 0xffff;
}

static int prepare(void **state)
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

static int set_up(void **state)
{
    (void)prepare(state);
    init();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_unlink(&rx_link);
    rig_unlink(&tx_link);
    return 0;
}

static uint64_t counted(enum counter counter)
{
    return page.entry[counter].value;
}

static void send(uint32_t n)
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

static void census_add(struct census *census, uint64_t io, uint64_t base)
{
    uint64_t index = (io - base) / NET_BUFFER_SIZE;

    assert_true(index < N_BUFFERS);
    assert_false(census->seen[index]);
    census->seen[index] = true;
    census->count++;
}

static void census_queue(
    struct census *census, const net_queue_t *q, uint64_t base)
{
    for (uint16_t i = q->head; i != q->tail; i++) {
        census_add(census, q->buffers[i % N_BUFFERS].desc.io_or_offset, base);
    }
}

static void census_ring(
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
static uint32_t rx_census(void)
{
    struct census census = { .count = 0 };

    census_queue(&census, rx_link.free, RX_IO);
    census_queue(&census, rx_link.active, RX_IO);
    census_ring(&census, &driver.rx, RX_IO);
    return census.count;
}

static uint32_t tx_census(void)
{
    struct census census = { .count = 0 };

    census_queue(&census, tx_link.free, TX_IO);
    census_queue(&census, tx_link.active, TX_IO);
    census_ring(&census, &driver.tx, TX_IO);
    return census.count;
}

/* A new incarnation: private memory is fresh, shared memory is not. */
static void restart(void)
{
    memset(&driver, 0x5a, sizeof(driver));
    init();
}

/* --- Tests: the normal course ---------------------------------------------------- */

static void test_bring_up(void **state)
{
    (void)state;
    assert_int_equal(
        dev.status, VIRTIO_STATUS_ACKNOWLEDGE | VIRTIO_STATUS_DRIVER |
                        VIRTIO_STATUS_FEATURES_OK | VIRTIO_STATUS_DRIVER_OK);
    assert_int_equal(dev.accepted, (UINT64_C(1) << 32) | FEATURE_MAC);
    assert_int_equal(dev.queue[0].num, 256);
    assert_int_equal(dev.queue[1].num, 256);
    assert_int_equal(vring_in_flight(&driver.rx), N_BUFFERS);
    assert_int_equal(dev.notified[QUEUE_RX], 1);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_receive(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 3000; round++) {
        net_buff_desc_t buffer;
        uint32_t burst = 1 + round % (N_BUFFERS / 2);

        for (uint32_t i = 0; i < burst; i++) {
            assert_true(dev_receive(14 + i));
        }
        interrupt();
        assert_int_equal(dev.isr, 0);
        for (uint32_t i = 0; i < burst; i++) {
            assert_int_equal(net_dequeue_active(&rx_virt, &buffer), 0);
            assert_int_equal(buffer.len, 14 + i);
            assert_int_equal(net_enqueue_free(&rx_virt, buffer), 0);
        }
        assert_int_equal(net_dequeue_active(&rx_virt, &buffer), -1);
        net_request_signal_active(&rx_virt);
        if (net_require_signal_free(&rx_virt)) {
            notified(VIRT_RX);
        }
        assert_int_equal(rx_census(), N_BUFFERS);
    }
    assert_int_equal(counted(BAD_USED), 0);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 3000);
}

/* A signal is asked for only when the device is short of buffers. */
static void test_receive_signals(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < N_BUFFERS / 2; i++) {
        assert_false(net_require_signal_free(&rx_virt));
        assert_true(dev_receive(60));
        interrupt();
    }
    assert_false(net_require_signal_free(&rx_virt));
    assert_true(dev_receive(60));
    interrupt();
    assert_true(net_require_signal_free(&rx_virt));
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_transmit(void **state)
{
    net_buff_desc_t buffer;

    (void)state;
    for (uint32_t round = 0; round < 3000; round++) {
        uint32_t burst = 1 + round % N_BUFFERS;
        uint32_t kicks = dev.notified[QUEUE_TX];

        net_request_signal_free(&tx_virt); /* or they come back later */
        for (uint32_t i = 0; i < burst; i++) {
            send(i);
        }
        notified(VIRT_TX);
        assert_int_equal(dev.notified[QUEUE_TX], kicks + 1);
        assert_int_equal(tx_census(), burst);
        assert_int_equal(dev_send(UINT32_MAX), burst);
        interrupt();
        for (uint32_t i = 0; i < burst; i++) {
            assert_int_equal(net_dequeue_free(&tx_virt, &buffer), 0);
        }
        assert_int_equal(net_dequeue_free(&tx_virt, &buffer), -1);
    }
    assert_int_equal(counted(TX_PACKETS) > 3000, true);
}

/* Tx interrupts are on exactly while the virtualiser waits for buffers. */
static void test_transmit_interrupts(void **state)
{
    (void)state;
    net_cancel_signal_free(&tx_virt);
    send(0);
    notified(VIRT_TX);
    assert_false(tx_interrupts_wanted());
    net_request_signal_free(&tx_virt);
    send(1);
    notified(VIRT_TX);
    assert_true(tx_interrupts_wanted());
    assert_int_equal(dev_send(2), 2);
    interrupt();
    assert_int_equal(fake_sddf.notify[VIRT_TX], 1);
    assert_int_equal(net_queue_length(tx_link.free), 2);
    assert_false(tx_interrupts_wanted());
}

/* The wish for buffers holds until the virtualiser takes it back: after a
 * signal nobody knows whether those that came are enough. */
static void test_transmit_wish_holds(void **state)
{
    (void)state;
    net_request_signal_free(&tx_virt);
    send(0);
    send(1);
    notified(VIRT_TX);
    assert_int_equal(dev_send(1), 1);
    interrupt();
    assert_int_equal(net_queue_length(tx_link.free), 1);
    assert_true(tx_interrupts_wanted()); /* the virtualiser has not run yet */
    assert_int_equal(dev_send(1), 1);
    interrupt();
    assert_int_equal(net_queue_length(tx_link.free), 2);
    assert_false(tx_interrupts_wanted()); /* nothing is on the way */
}

/* Without a wish, sent frames are collected a batch at a time. */
static void test_transmit_lazily(void **state)
{
    net_buff_desc_t buffer;
    uint32_t lazy = driver.tx_lazy;

    (void)state;
    assert_true(lazy > 0);
    net_cancel_signal_free(&tx_virt);
    for (uint32_t i = 0; i < lazy; i++) {
        send(i);
        notified(VIRT_TX);
        assert_int_equal(dev_send(1), 1);
        assert_int_equal(net_queue_length(tx_link.free), 0);
    }
    send(lazy);
    notified(VIRT_TX);
    assert_int_equal(net_queue_length(tx_link.free), lazy);
    assert_int_equal(net_dequeue_free(&tx_virt, &buffer), 0);
    assert_int_equal(tx_census(), lazy);
}

/* A device that says it looks anyway is not notified. */
static void test_no_notify(void **state)
{
    uint32_t before = dev.notified[QUEUE_TX];

    (void)state;
    dev_used_ring(QUEUE_TX)->flags = VIRTQ_USED_F_NO_NOTIFY;
    send(0);
    notified(VIRT_TX);
    assert_int_equal(dev.notified[QUEUE_TX], before);
    assert_int_equal(dev_send(1), 1);
}

static void test_bad_tx_length(void **state)
{
    net_buff_desc_t buffer = { .io_or_offset = TX_IO, .len = 0 };

    (void)state;
    assert_int_equal(net_enqueue_active(&tx_virt, buffer), 0);
    send(1);
    buffer.io_or_offset += 2 * NET_BUFFER_SIZE;
    buffer.len = NET_BUFFER_SIZE + 1;
    assert_int_equal(net_enqueue_active(&tx_virt, buffer), 0);
    send(3);
    notified(VIRT_TX);
    assert_int_equal(counted(TX_BAD_LENGTH), 2);
    assert_int_equal(net_queue_length(tx_link.free), 2);
    assert_int_equal(dev_send(9), 2);
    assert_int_equal(tx_census(), 4);
}

/* --- Tests: devices that are not what they should be ------------------------------- */

static void expect_dead(void)
{
    init();
    assert_false(driver.alive);
    notified(IRQ);
    notified(VIRT_RX);
    notified(VIRT_TX);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 0);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_wrong_devices(void **state)
{
    (void)state;
    dev.magic = 0;
    expect_dead();
    dev_defaults();
    dev.version = 1;
    expect_dead();
    dev_defaults();
    dev.id = 2;
    expect_dead();
    dev_defaults();
    dev.features = 0xffff; /* legacy only */
    expect_dead();
    dev_defaults();
    dev.refuse_features = true;
    expect_dead();
    dev_defaults();
    dev.num_max = 0;
    expect_dead();
    dev_defaults();
    dev.status = 1;
    dev.never_reset = true;
    expect_dead();
    assert_true(strstr(fake_sddf.console, "does not start") != NULL);
    dev_defaults(); /* the same driver, a good device at last */
    init();
    assert_true(driver.alive);
}

static void test_small_queue(void **state)
{
    (void)state;
    dev.num_max = 8;
    init();
    assert_true(driver.alive);
    assert_int_equal(vring_in_flight(&driver.rx), 4);
    for (uint32_t i = 0; i < 40; i++) {
        send(i % N_BUFFERS);
    }
    notified(VIRT_TX);
    uint32_t sent = 0;
    for (uint32_t i = 0; i < 40; i++) {
        sent += dev_send(1);
        interrupt();
    }
    assert_int_equal(sent, 40);
    assert_int_equal(tx_census(), 40);
}

/* --- Tests: a device that lies ------------------------------------------------------ */

/* The driver collects sent frames, as if there were a batch of them. */
static void look_at_tx(void)
{
    driver.tx_lazy = 0;
    notified(VIRT_TX);
}

static void test_bad_ids(void **state)
{
    static const uint32_t bad[] = { 1, 255, 256, 0xffff, 0x10000, UINT32_MAX };

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        uint32_t resets = dev.resets;

        dev_use(i % 2, bad[i], 100);
        interrupt();
        look_at_tx();
        assert_int_equal(dev.resets, resets + 1);
        assert_true(driver.alive);
        assert_int_equal(rx_census(), N_BUFFERS);
    }
    assert_int_equal(counted(BAD_USED), ARRAY_LEN(bad));
    assert_true(dev_receive(60));
    interrupt();
    assert_int_equal(net_queue_length(rx_link.active), 1);
}

/* The same entry used twice. */
static void test_duplicate_used(void **state)
{
    struct virtq_desc frame;
    uint32_t id;

    (void)state;
    assert_true(dev_take(QUEUE_RX, &id, &frame));
    dev_use(QUEUE_RX, id, 100);
    dev_use(QUEUE_RX, id, 100);
    interrupt();
    assert_int_equal(net_queue_length(rx_link.active), 1);
    assert_int_equal(counted(BAD_USED), 1);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_index_jump(void **state)
{
    (void)state;
    dev_used_ring(QUEUE_RX)->idx = 5000;
    dev.isr = VIRTIO_MMIO_INT_RING;
    interrupt();
    assert_int_equal(dev.resets, 2);
    dev_used_ring(QUEUE_TX)->idx = 0xffff;
    look_at_tx();
    assert_int_equal(dev.resets, 3);
    assert_int_equal(rx_census(), N_BUFFERS);
    assert_true(driver.alive);
}

/* Lengths no frame can have: counted, the buffer is posted again. */
static void test_bad_lengths(void **state)
{
    static const uint32_t bad[] = { 0, 1, HEADER_SIZE,
        HEADER_SIZE + NET_BUFFER_SIZE + 1, UINT32_MAX };

    (void)state;
    for (uint32_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct virtq_desc frame;
        uint32_t id;

        assert_true(dev_take(QUEUE_RX, &id, &frame));
        dev_use(QUEUE_RX, id, bad[i]);
    }
    interrupt();
    assert_int_equal(counted(RX_BAD_LENGTH), ARRAY_LEN(bad));
    assert_int_equal(net_queue_length(rx_link.active), 0);
    assert_int_equal(rx_census(), N_BUFFERS);
    for (uint32_t i = 0; i < N_BUFFERS; i++) {
        assert_true(dev_receive(60));
    }
}

/* A device that is always wrong is given up, without losing a buffer. */
static void test_gives_up(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3 * RESETS_MAX; i++) {
        if (dev.queue[0].ready != 0) {
            dev_use(QUEUE_RX, 1, 0);
        }
        interrupt();
    }
    assert_false(driver.alive);
    assert_true((dev.status & VIRTIO_STATUS_FAILED) != 0);
    assert_true(dev.resets <= RESETS_MAX);
    assert_int_equal(rx_census(), N_BUFFERS);
}

static void test_needs_reset(void **state)
{
    (void)state;
    dev.isr = VIRTIO_MMIO_INT_CONFIG;
    interrupt();
    assert_int_equal(dev.resets, 1); /* a change of configuration only */
    dev.status |= VIRTIO_STATUS_NEEDS_RESET;
    dev.isr = VIRTIO_MMIO_INT_CONFIG;
    interrupt();
    assert_int_equal(dev.resets, 2);
    assert_true(driver.alive);
}

/* The device scribbles over all of ring memory. */
static void test_scribbled_rings(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (uint32_t round = 0; round < 200 && driver.alive; round++) {
        for (uint32_t i = RINGS_OFFSET; i < sizeof(rings); i++) {
            seed = seed * 1103515245 + 12345;
            rings[i] = (uint8_t)(seed >> 16);
        }
        dev.isr = VIRTIO_MMIO_INT_RING;
        notified(IRQ);
        notified(VIRT_RX);
        notified(VIRT_TX);
    }
    /* what is left is nonsense, but the driver did not leave its memory */
    assert_true(net_queue_length(rx_link.active) <= N_BUFFERS);
}

/* --- Tests: restarts ----------------------------------------------------------------- */

static void test_restart_keeps_buffers(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        send(i);
    }
    notified(VIRT_TX);
    assert_int_equal(dev_send(5), 5);
    for (uint32_t i = 0; i < 10; i++) {
        assert_true(dev_receive(60));
    }
    /* 5 sent, 10 received, nothing reported: the driver dies */
    restart();
    assert_true(driver.alive);
    assert_int_equal(rx_census(), N_BUFFERS);
    assert_int_equal(tx_census(), 20);
    assert_int_equal(counted(TX_REPEATED), 20);
    assert_int_equal(dev_send(UINT32_MAX), 20);
    assert_true(dev_receive(60));
    interrupt();
    assert_int_equal(net_queue_length(rx_link.active), 1);
}

/* Death between two steps of handing frames on. */
static void test_restart_while_returning(void **state)
{
    net_queue_handle_t *q = &driver.rx_queue;
    uint16_t pairs[BATCH];

    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 6; i++) {
            assert_true(dev_receive(60));
        }
        assert_int_equal(net_ring_room(q->active, &q->active_in, N_BUFFERS),
            N_BUFFERS - 6 * round);
        driver.journal->rx_active_tail = q->active_in.index;
        uint32_t staged = rx_stage(&driver, 6, pairs);
        assert_int_equal(staged, 6);
        if (round == 1) {
            net_ring_publish(q->active, &q->active_in, staged);
        }
        restart();
        assert_int_equal(rx_census(), N_BUFFERS);
        assert_int_equal(net_queue_length(rx_link.active), 12 * round);
        interrupt();
        for (uint32_t i = 0; i < 6 - 6 * round; i++) {
            assert_true(dev_receive(60));
        }
        interrupt();
        assert_int_equal(rx_census(), N_BUFFERS);
    }
}

/* Death after frames were posted, before they were taken from the queue. */
static void test_restart_while_posting(void **state)
{
    net_queue_handle_t *q = &driver.tx_queue;

    (void)state;
    for (uint32_t i = 0; i < 9; i++) {
        send(i);
    }
    driver.journal->tx_active_head = q->active_out.index;
    (void)net_ring_ready(q->active, &q->active_out, N_BUFFERS);
    for (uint32_t i = 0; i < 5; i++) {
        net_buff_desc_t buffer = net_ring_read(q->active, &q->active_out, i);

        vring_post(&driver.tx, buffer.io_or_offset, buffer.len);
    }
    restart();
    assert_int_equal(tx_census(), 9);
    assert_int_equal(dev_send(UINT32_MAX), 9);
}

/* Restarts at random moments of a busy life. */
static void test_restart_storm(void **state)
{
    uint32_t seed = 7;
    net_buff_desc_t buffer;
    uint32_t tx_out = 0; /* frames on the way, from 0..31 */

    (void)state;
    for (uint32_t step = 0; step < 20000; step++) {
        seed = seed * 1103515245 + 12345;
        switch (seed >> 16 & 7) {
        case 0:
            (void)dev_receive(60);
            break;
        case 1:
            (void)dev_send(3);
            break;
        case 2:
        case 3:
            interrupt();
            break;
        case 4:
            if (tx_out == 0) {
                for (; tx_out < 32; tx_out++) {
                    send(tx_out);
                }
                notified(VIRT_TX);
            }
            break;
        case 5:
            while (net_dequeue_active(&rx_virt, &buffer) == 0) {
                assert_int_equal(net_enqueue_free(&rx_virt, buffer), 0);
            }
            notified(VIRT_RX);
            break;
        case 6:
            while (net_dequeue_free(&tx_virt, &buffer) == 0) {
                tx_out--;
            }
            break;
        default:
            if ((seed >> 20 & 15) == 0) {
                restart();
            }
            break;
        }
        assert_int_equal(rx_census(), N_BUFFERS);
        assert_int_equal(tx_census(), tx_out);
    }
    assert_true(driver.alive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bring_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_receive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_receive_signals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_transmit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_interrupts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_wish_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_transmit_lazily, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_notify, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_tx_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_devices, prepare, tear_down),
        cmocka_unit_test_setup_teardown(test_small_queue, prepare, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_ids, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_duplicate_used, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_index_jump, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_lengths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_gives_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_needs_reset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_scribbled_rings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_keeps_buffers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_while_returning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_restart_while_posting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_restart_storm, set_up, tear_down),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
