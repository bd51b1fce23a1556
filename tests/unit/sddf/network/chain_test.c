/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device, driver, virtualisers, copier and an echoing client in one program,
 * scheduled at random, with very few buffers.
 *
 * What it looks for: a packet that nobody is told about any more.  At each
 * rest everything that was received must have been echoed or counted as
 * dropped, the device must have buffers, and every buffer must be somewhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sddf/resources/device.h>
#include <sddf/util/cache.h>
#include <sddf/util/stats.h>
#include <sddf/virtio/mmio_regs.h>
#include <sddf/virtio/ring.h>

#include "base/mmio.h"
#include "tests/unit/net_rig.h"

#define RINGS_IO   0x40000000u
#define RX_IO      0x50000000u
#define TX_IO      0x60000000u
#define REGS       0xa000000u
#define BUFFERS    64u
#define HEADER     12u
#define COPY_DROPS 2u /* counter "no_buffer" of copy.c */

/* The components, under the names that chain/ gives them. */
void chain_driver_init(void);
void chain_driver_notified(sddf_channel ch);
void chain_driver_forget(void);
void chain_virt_rx_init(void);
void chain_virt_rx_notified(sddf_channel ch);
void chain_virt_rx_forget(void);
void chain_virt_tx_init(void);
void chain_virt_tx_notified(sddf_channel ch);
void chain_virt_tx_forget(void);
void chain_copy_init(void);
void chain_copy_notified(sddf_channel ch);
void chain_copy_forget(void);
extern net_driver_config_t chain_driver_config;
extern net_virt_rx_config_t chain_virt_rx_config;
extern net_virt_tx_config_t chain_virt_tx_config;
extern net_copy_config_t chain_copy_config;
extern struct stats_config chain_copy_stats_config;
extern device_resources_t device_resources;

static void client_notified(sddf_channel ch);

/* Channel ids are unique over all components, so a signal names its sender;
 * ends of one channel are next to each other. */
enum channel {
    IRQ = 1,
    DRIVER_TO_VIRT_RX = 2,
    VIRT_RX_TO_DRIVER = 3,
    DRIVER_TO_VIRT_TX = 4,
    VIRT_TX_TO_DRIVER = 5,
    VIRT_RX_TO_COPY = 6,
    COPY_TO_VIRT_RX = 7,
    COPY_TO_CLIENT = 8,
    CLIENT_TO_COPY = 9,
    CLIENT_TO_VIRT_TX = 10,
    VIRT_TX_TO_CLIENT = 11,
    CHANNELS = 12
};

static void (*const receiver[CHANNELS])(sddf_channel ch) = {
    [IRQ] = chain_driver_notified,
    [DRIVER_TO_VIRT_RX] = chain_driver_notified,
    [DRIVER_TO_VIRT_TX] = chain_driver_notified,
    [VIRT_RX_TO_DRIVER] = chain_virt_rx_notified,
    [VIRT_RX_TO_COPY] = chain_virt_rx_notified,
    [VIRT_TX_TO_DRIVER] = chain_virt_tx_notified,
    [VIRT_TX_TO_CLIENT] = chain_virt_tx_notified,
    [COPY_TO_VIRT_RX] = chain_copy_notified,
    [COPY_TO_CLIENT] = chain_copy_notified,
    [CLIENT_TO_COPY] = client_notified,
    [CLIENT_TO_VIRT_TX] = client_notified,
};

static uint8_t rings[0x10000] __attribute__((aligned(4096)));
static uint8_t rx_dma[BUFFERS * NET_BUFFER_SIZE];
static uint8_t client_rx[BUFFERS * NET_BUFFER_SIZE];
static uint8_t client_tx[BUFFERS * NET_BUFFER_SIZE];
static struct net_link link_rx, link_tx, link_copy, link_client, link_client_tx;
static struct stats_page copy_page;
static bool pending[CHANNELS];
static uint32_t seed;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 12) % limit;
}

void cache_clean_and_invalidate(unsigned long start, unsigned long end)
{
    assert_true(start <= end);
}

void cache_clean(unsigned long start, unsigned long end)
{
    assert_true(start <= end);
}

/* --- The device ---------------------------------------------------------------- */

static struct {
    uint32_t features_sel, queue_sel, status, isr, num_max;
    struct {
        uint32_t num, ready;
        uint64_t address[3];
        uint16_t seen, used;
    } queue[2];
    uint32_t received;
    uint32_t sent;
} dev;

uint32_t fake_mmio_read(uintptr_t base, uint32_t offset, uint32_t width)
{
    (void)base;
    (void)width;
    switch (offset) {
    case VIRTIO_MMIO_MAGIC:
        return VIRTIO_MMIO_MAGIC_VALUE;
    case VIRTIO_MMIO_VERSION:
        return VIRTIO_MMIO_VERSION_2;
    case VIRTIO_MMIO_DEVICE_ID:
        return VIRTIO_ID_NET;
    case VIRTIO_MMIO_DEVICE_FEATURES:
        return dev.features_sel == 1 ? VIRTIO_F_VERSION_1_WORD1 : 0;
    case VIRTIO_MMIO_QUEUE_NUM_MAX:
        return dev.num_max;
    case VIRTIO_MMIO_INTERRUPT_STATUS:
        return dev.isr;
    case VIRTIO_MMIO_STATUS:
        return dev.status;
    default:
        return 0;
    }
}

void fake_mmio_write(
    uintptr_t base, uint32_t offset, uint32_t width, uint32_t value)
{
    (void)base;
    (void)width;
    switch (offset) {
    case VIRTIO_MMIO_DEVICE_FEATURES_SEL:
        dev.features_sel = value;
        break;
    case VIRTIO_MMIO_QUEUE_SEL:
        dev.queue_sel = value & 1;
        break;
    case VIRTIO_MMIO_QUEUE_NUM:
        dev.queue[dev.queue_sel].num = value;
        break;
    case VIRTIO_MMIO_QUEUE_READY:
        dev.queue[dev.queue_sel].ready = value;
        break;
    case VIRTIO_MMIO_INTERRUPT_ACK:
        dev.isr &= ~value;
        break;
    case VIRTIO_MMIO_STATUS:
        dev.status = value;
        if (value == 0) {
            memset(dev.queue, 0, sizeof(dev.queue));
            dev.isr = 0;
        }
        break;
    default:
        if (offset >= VIRTIO_MMIO_QUEUE_DESC_LOW && (offset & 4) == 0) {
            dev.queue[dev.queue_sel]
                .address[(offset - VIRTIO_MMIO_QUEUE_DESC_LOW) / 16] = value;
        }
        break;
    }
}

static void *ring_at(uint64_t io)
{
    return rings + (io - RINGS_IO);
}

/* Uses the next available entry of a queue; false if there is none. */
static bool dev_use(uint32_t q, uint32_t len)
{
    struct virtq_avail *avail = ring_at(dev.queue[q].address[1]);
    struct virtq_used *used = ring_at(dev.queue[q].address[2]);
    struct virtq_desc *desc = ring_at(dev.queue[q].address[0]);
    uint32_t mask = dev.queue[q].num - 1;

    if (dev.queue[q].seen == avail->idx) {
        return false;
    }
    uint16_t id = avail->ring[dev.queue[q].seen++ & mask];
    if (q == 0) {
        rig_frame(rx_dma + (desc[id + 1].addr - RX_IO), rig_mac(0));
    } else {
        assert_true(desc[id + 1].addr - TX_IO < sizeof(client_tx));
    }
    used->ring[dev.queue[q].used & mask].id = id;
    used->ring[dev.queue[q].used & mask].len = len;
    used->idx = ++dev.queue[q].used;
    if (avail->flags == 0) {
        dev.isr |= VIRTIO_MMIO_INT_RING;
    }
    return true;
}

static bool dev_receive(void)
{
    bool done = dev_use(0, 60 + HEADER);

    dev.received += done ? 1 : 0;
    return done;
}

static bool dev_send(void)
{
    bool done = dev_use(1, 0);

    dev.sent += done ? 1 : 0;
    return done;
}

/* --- The client ------------------------------------------------------------------ */

static struct {
    net_queue_handle_t rx;
    net_queue_handle_t tx;
    uint32_t waiting; /* frames that wait for a Tx buffer */
    uint32_t echoed;
} client;

/* Echoes one frame, if there is a buffer to send. */
static bool client_echo(void)
{
    net_buff_desc_t buffer;

    if (net_dequeue_free(&client.tx, &buffer) != 0) {
        return false;
    }
    buffer.len = 60;
    assert_int_equal(net_enqueue_active(&client.tx, buffer), 0);
    client.echoed++;
    return true;
}

static void client_take(void)
{
    net_buff_desc_t buffer;

    while (net_dequeue_active(&client.rx, &buffer) == 0) {
        client.waiting++;
        assert_int_equal(net_enqueue_free(&client.rx, buffer), 0);
    }
}

static void client_notified(sddf_channel ch)
{
    (void)ch;
    do {
        client_take();
        net_request_signal_active(&client.rx);
    } while (!net_queue_empty_active(&client.rx));
    while (client.waiting > 0 && client_echo()) {
        client.waiting--;
    }
    if (client.waiting > 0) {
        net_request_signal_free(&client.tx);
        while (client.waiting > 0 && client_echo()) {
            client.waiting--;
        }
    }
    if (net_require_signal_free(&client.rx)) {
        net_cancel_signal_free(&client.rx);
        sddf_notify(CLIENT_TO_COPY);
    }
    if (net_require_signal_active(&client.tx)) {
        net_cancel_signal_active(&client.tx);
        sddf_notify(CLIENT_TO_VIRT_TX);
    }
}

/* --- The system -------------------------------------------------------------------- */

/* Takes the signals that were sent to their receivers' ends. */
static void collect_signals(void)
{
    for (uint32_t ch = 2; ch < CHANNELS; ch++) {
        if (fake_sddf.notify[ch] > 0) {
            fake_sddf.notify[ch] = 0;
            pending[ch ^ 1] = true;
        }
    }
    if (dev.isr != 0) {
        pending[IRQ] = true;
    }
}

/* Lets one component with something pending run; false if there is none. */
static bool run_one(void)
{
    uint32_t start = random_below(CHANNELS);

    collect_signals();
    for (uint32_t i = 0; i < CHANNELS; i++) {
        uint32_t ch = (start + i) % CHANNELS;

        if (pending[ch]) {
            pending[ch] = false;
            receiver[ch](ch);
            return true;
        }
    }
    return false;
}

static void configure(uint32_t rx, uint32_t tx, uint32_t num_max)
{
    memset(&dev, 0, sizeof(dev));
    memset(&client, 0, sizeof(client));
    memset(rings, 0, sizeof(rings));
    memset(pending, 0, sizeof(pending));
    memset(&copy_page, 0, sizeof(copy_page));
    fake_sddf_reset();
    dev.num_max = num_max;
    link_rx = rig_link(rx);
    link_copy = rig_link(rx);
    link_client = rig_link(rx);
    link_tx = rig_link(tx);
    link_client_tx = rig_link(tx);

    memcpy(device_resources.magic, DEVICE_MAGIC, DEVICE_MAGIC_LEN);
    device_resources.num_regions = 2;
    device_resources.num_irqs = 1;
    device_resources.irqs[0].id = IRQ;
    device_resources.regions[0].region.vaddr = (void *)REGS;
    device_resources.regions[1] =
        (device_region_resource_t){ { rings, sizeof(rings) }, RINGS_IO };
    memcpy(chain_driver_config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    chain_driver_config.virt_rx = rig_conn(&link_rx, DRIVER_TO_VIRT_RX);
    chain_driver_config.virt_tx = rig_conn(&link_tx, DRIVER_TO_VIRT_TX);

    memcpy(chain_virt_rx_config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    chain_virt_rx_config.driver = rig_conn(&link_rx, VIRT_RX_TO_DRIVER);
    chain_virt_rx_config.data =
        (device_region_resource_t){ { rx_dma, rx * NET_BUFFER_SIZE }, RX_IO };
    chain_virt_rx_config.num_clients = 1;
    chain_virt_rx_config.clients[0].conn =
        rig_conn(&link_copy, VIRT_RX_TO_COPY);
    chain_virt_rx_config.clients[0].num_macs = 1;
    chain_virt_rx_config.clients[0].mac_addrs[0] = rig_mac(0);

    memcpy(chain_copy_config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    chain_copy_config.rx = rig_conn(&link_copy, COPY_TO_VIRT_RX);
    chain_copy_config.client = rig_conn(&link_client, COPY_TO_CLIENT);
    chain_copy_config.rx_data[0] =
        (region_resource_t){ rx_dma, rx * NET_BUFFER_SIZE };
    chain_copy_config.client_data =
        (region_resource_t){ client_rx, rx * NET_BUFFER_SIZE };
    chain_copy_stats_config =
        (struct stats_config){ STATS_MAGIC, (uintptr_t)&copy_page };

    memcpy(chain_virt_tx_config.magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    chain_virt_tx_config.driver = rig_conn(&link_tx, VIRT_TX_TO_DRIVER);
    chain_virt_tx_config.num_clients = 1;
    chain_virt_tx_config.clients[0].conn =
        rig_conn(&link_client_tx, VIRT_TX_TO_CLIENT);
    chain_virt_tx_config.clients[0].num_regions = 1;
    chain_virt_tx_config.clients[0].regions[0] = (net_virt_tx_data_region_t){
        .data = { { client_tx, tx * NET_BUFFER_SIZE }, TX_IO },
        .num_buffers = tx,
    };
}

/* Starts everybody in a random order, as different cores would. */
static void start_all(void)
{
    void (*const inits[])(void) = { chain_driver_init, chain_virt_rx_init,
        chain_virt_tx_init, chain_copy_init };
    uint32_t first = random_below(4);

    chain_driver_forget();
    chain_virt_rx_forget();
    chain_virt_tx_forget();
    chain_copy_forget();
    for (uint32_t i = 0; i < 4; i++) {
        inits[(first + i) % 4]();
    }
    client.rx = rig_handle(&link_client);
    client.tx = rig_handle(&link_client_tx);
    net_buffers_init(&client.tx, 0);
    net_cancel_signal_free(&client.tx);
    client_notified(CLIENT_TO_COPY);
}

/* Until nothing happens any more. */
static void rest(void)
{
    uint32_t steps = 0;
    bool busy = true;

    while (busy) {
        busy = dev_send();
        while (run_one()) {
            busy = true;
            assert_true(steps++ < 100000); /* it does come to rest */
        }
    }
}

static void check_rest(uint32_t rx)
{
    uint64_t dropped = copy_page.entry[COPY_DROPS].value;
    struct virtq_avail *avail = ring_at(dev.queue[0].address[1]);
    uint32_t posted = (uint16_t)(avail->idx - dev.queue[0].seen);

    assert_int_equal(client.waiting, 0);
    assert_int_equal(client.echoed + dropped, dev.received);
    assert_int_equal(dev.sent, client.echoed);
    assert_true(posted > 0);
    /* receive buffers: with the device, or free on their way to it */
    assert_int_equal(posted + net_queue_length(link_rx.free) +
                         net_queue_length(link_copy.free),
        rx);
    assert_int_equal(net_queue_length(link_rx.active), 0);
    assert_int_equal(net_queue_length(link_copy.active), 0);
    assert_int_equal(net_queue_length(link_client.active), 0);
    assert_int_equal(net_queue_length(link_client.free), rx);
}

static void chain(uint32_t rx, uint32_t tx, uint32_t num_max)
{
    configure(rx, tx, num_max);
    start_all();
    rest();
    for (uint32_t round = 0; round < 60; round++) {
        uint32_t load = 1 + random_below(10);

        for (uint32_t step = 0; step < 200; step++) {
            if (random_below(10) < load) {
                (void)dev_receive();
            }
            if (random_below(3) == 0) {
                (void)dev_send();
            }
            (void)run_one();
        }
        rest();
        check_rest(rx);
    }
    assert_true(dev.received > 60);
    rig_unlink(&link_rx);
    rig_unlink(&link_tx);
    rig_unlink(&link_copy);
    rig_unlink(&link_client);
    rig_unlink(&link_client_tx);
}

/* Every combination of sizes, several schedules each. */
static void test_chain(void **state)
{
    (void)state;
    for (uint32_t rx = 2; rx <= BUFFERS; rx *= 2) {
        for (uint32_t tx = 2; tx <= BUFFERS; tx *= 4) {
            for (uint32_t num = 4; num <= 256; num *= 4) {
                for (uint32_t i = 0; i < 3; i++) {
                    seed = rx * 1000003 + tx * 101 + num * 7 + i;
                    chain(rx, tx, num);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chain),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
