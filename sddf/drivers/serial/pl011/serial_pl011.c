/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serial_pl011.c - driver of the Arm PrimeCell UART (PL011).
 *
 * One device, one Tx and one Rx neighbour, no policy.  Output: characters go
 * from the Tx queue to the FIFO; what does not fit waits for the transmit
 * interrupt.  Input: characters go from the FIFO to the Rx queue; when that is
 * full, receive interrupts stay off until the virtualiser made room, and the
 * device drops what comes beyond its FIFO (counted by its overrun flag).
 *
 * In debug builds the kernel prints on the same device, by polling.  Both only
 * add to the transmit FIFO, so characters mix but none is lost.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/resources/device.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>
#include <sddf/util/config_check.h>
#include <sddf/util/printf.h>
#include <sddf/util/stats.h>

#include "base/mmio.h"
#include "sddf/drivers/serial/pl011/pl011_regs.h"

__attribute__((__section__(".serial_driver_config")))
serial_driver_config_t config;
__attribute__((__section__(".device_resources")))
device_resources_t device_resources;
__attribute__((__section__(".stats_config"))) struct stats_config stats_config;

enum {
    STATS_TX_BYTES,
    STATS_RX_BYTES,
    STATS_RX_OVERRUNS,
    STATS_RX_STALLS,
    STATS_BAD_PEER,
    STATS_COUNT
};

static const char *const stats_names[STATS_COUNT] = { "tx_bytes", "rx_bytes",
    "rx_overruns", "rx_stalls", "bad_peer" };

/* The device gets this many reads to finish what firmware was sending. */
#define BUSY_READS_MAX 1000000u

static struct {
    serial_queue_handle_t rx;
    serial_queue_handle_t tx;
    struct stats stats;
    uintptr_t uart;
    uint32_t mask;   /* what IMSC holds */
    bool complained; /* about an unexpected notification */
} state;

static bool has_flag(uint32_t flag)
{
    return (mmio_read32(state.uart, PL011_FR) & flag) != 0;
}

static void set_mask(uint32_t mask)
{
    if (mask != state.mask) {
        state.mask = mask;
        mmio_write32(state.uart, PL011_IMSC, mask);
    }
}

static void count_bad_peers(void)
{
    stats_set(&state.stats, STATS_BAD_PEER,
        state.rx.producer.bad_peer + state.tx.consumer.bad_peer);
}

/* Moves output to the device, at most a queue full of it. */
static void tx_provide(void)
{
    struct serial_batch from = serial_batch_take(&state.tx);

    while (queue_batch_left(&from.n) > 0 && !has_flag(PL011_FR_TXFF)) {
        mmio_write32(state.uart, PL011_DR, (uint8_t)serial_batch_read(&from));
    }
    uint32_t sent = queue_batch_used(&from.n);
    bool all_sent = queue_batch_left(&from.n) == 0;
    serial_batch_publish(&from);
    if (!all_sent) {
        set_mask(state.mask | PL011_INT_TX);
    } else {
        set_mask(state.mask & ~PL011_INT_TX);
    }
    stats_add(&state.stats, STATS_TX_BYTES, sent);
    if (sent > 0 && serial_require_consumer_signal(&state.tx)) {
        serial_cancel_consumer_signal(&state.tx);
        sddf_notify(config.tx.id);
    }
}

/* Moves what the FIFO holds while there is room.  Returns how much. */
static uint32_t take_input(void)
{
    struct serial_batch to = serial_batch_put(&state.rx);

    while (queue_batch_left(&to.n) > 0 && !has_flag(PL011_FR_RXFE)) {
        uint32_t word = mmio_read32(state.uart, PL011_DR);

        if ((word & PL011_DR_OE) != 0) {
            stats_add(&state.stats, STATS_RX_OVERRUNS, 1);
        }
        serial_batch_write(&to, (char)(word & PL011_DR_DATA));
    }
    uint32_t taken = queue_batch_used(&to.n);
    serial_batch_publish(&to);
    return taken;
}

/* Returns whether input is left that has no room, after asking for a signal
 * and looking once more, as the protocol demands. */
static bool is_stalled(void)
{
    if (serial_queue_free(&state.rx) > 0) {
        return false;
    }
    serial_request_consumer_signal(&state.rx);
    if (serial_queue_free(&state.rx) == 0) {
        return true;
    }
    serial_cancel_consumer_signal(&state.rx);
    return false;
}

static void rx_return(void)
{
    uint32_t taken = 0;
    uint32_t piece;
    bool stalled;

    do {
        piece = take_input();
        taken += piece;
        stalled = is_stalled();
    } while (piece > 0 && !stalled);

    if (stalled) {
        stats_add(&state.stats, STATS_RX_STALLS, 1);
        set_mask(state.mask & ~(PL011_INT_RX | PL011_INT_RT));
    } else {
        set_mask(state.mask | PL011_INT_RX | PL011_INT_RT);
    }
    stats_add(&state.stats, STATS_RX_BYTES, taken);
    if (taken > 0) {
        sddf_notify(config.rx.id);
    }
}

static void handle_irq(void)
{
    uint32_t pending = mmio_read32(state.uart, PL011_MIS);

    mmio_write32(state.uart, PL011_ICR, pending);
    if (config.rx_enabled && (pending & (PL011_INT_RX | PL011_INT_RT)) != 0) {
        rx_return();
    }
    if ((pending & PL011_INT_TX) != 0) {
        tx_provide();
    }
}

/* 3.3.6: divisor = clock / (16 * baud), in 64ths. */
static void set_baud(uint64_t baud)
{
    uint64_t divisor = (PL011_CLOCK_HZ * UINT64_C(4) + baud / 2) / baud;

    if (divisor < 64 || divisor > (UINT64_C(0xffff) << 6)) {
        return;
    }
    mmio_write32(state.uart, PL011_IBRD, (uint32_t)(divisor >> 6));
    mmio_write32(state.uart, PL011_FBRD, (uint32_t)(divisor & 63));
}

/* 3.3.8: wait for the end of transmission, disable, program, enable. */
static void set_up(void)
{
    uint32_t enable = PL011_CR_UARTEN | PL011_CR_TXE;

    for (uint32_t i = 0; i < BUSY_READS_MAX && has_flag(PL011_FR_BUSY); i++) {
    }
    mmio_write32(state.uart, PL011_IMSC, 0);
    mmio_write32(state.uart, PL011_CR, 0);
    if (config.default_baud != 0) {
        set_baud(config.default_baud);
    }
    mmio_write32(state.uart, PL011_LCR_H,
        field_set32(PL011_LCR_H_FEN, PL011_LCR_H_WLEN, PL011_LCR_H_8BITS));
    mmio_write32(state.uart, PL011_IFLS, 0);
    mmio_write32(state.uart, PL011_ICR, PL011_INT_ALL);
    if (config.rx_enabled) {
        enable |= PL011_CR_RXE;
    }
    mmio_write32(state.uart, PL011_CR, enable);
}

static void config_check(void)
{
    const char *const serial = "serial_driver_config";
    const char *const device = "device_resources";

    config_require(serial_config_check_magic(&config), serial, "magic");
    config_require(queue_capacity_ok(config.tx.data.size, QUEUE_WRAP_32),
        serial, "tx.data.size");
    config_require(!config.rx_enabled ||
                       queue_capacity_ok(config.rx.data.size, QUEUE_WRAP_32),
        serial, "rx.data.size");
    config_require(
        device_resources_check_magic(&device_resources), device, "magic");
    config_require(device_resources.num_regions >= 1, device, "num_regions");
    config_require(device_resources.num_irqs >= 1, device, "num_irqs");
}

void init(void)
{
    config_check();
    state.mask = 0;
    stats_init(&state.stats, &stats_config, sddf_get_pd_name(), stats_names,
        STATS_COUNT);
    state.uart = (uintptr_t)device_resources.regions[0].region.vaddr;
    set_up();
    serial_queue_init(&state.tx, config.tx.queue.vaddr,
        (uint32_t)config.tx.data.size, config.tx.data.vaddr);
    if (config.rx_enabled) {
        serial_queue_init(&state.rx, config.rx.queue.vaddr,
            (uint32_t)config.rx.data.size, config.rx.data.vaddr);
        rx_return();
    }
    tx_provide(); /* after a restart the queue may hold output */
}

void notified(microkit_channel ch)
{
    if (ch == device_resources.irqs[0].id) {
        handle_irq();
        sddf_deferred_irq_ack(ch);
    } else if (ch == config.tx.id) {
        tx_provide();
    } else if (config.rx_enabled && ch == config.rx.id) {
        rx_return();
    } else if (!state.complained) {
        state.complained = true;
        sddf_dprintf("UART|ERROR: unexpected notification %u\n", ch);
    }
    count_bad_peers();
}
