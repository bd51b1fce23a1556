/* SPDX-License-Identifier: BSD-2-Clause */
/* The PL011 driver against a UART with FIFOs that this test plays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <os/sddf.h>
#include <sddf/resources/device.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>

#include "base/mmio.h"
#include "sddf/drivers/serial/pl011/pl011_regs.h"

#define IRQ      1u
#define VIRT_TX  2u
#define VIRT_RX  3u
#define UART     0x9000000u
#define FIFO     16u
#define CAPACITY 64u

extern serial_driver_config_t config;
extern device_resources_t device_resources;

/* The device. */
static struct {
    char sent[4096];
    uint32_t sent_len;
    uint32_t tx_fill; /* characters in the transmit FIFO */
    bool tx_stuck;    /* the line does not take them */
    char input[4096];
    uint32_t input_len;
    uint32_t input_at;
    bool overrun;
    uint32_t imsc;
    uint32_t ris;
    uint32_t cr;
    uint32_t lcr_h;
    uint32_t ibrd;
    uint32_t fbrd;
    bool busy;
} uart;

/* The neighbours' ends. */
static serial_queue_t tx_page;
static serial_queue_t rx_page;
static char tx_data[CAPACITY];
static char rx_data[CAPACITY];
static serial_queue_handle_t tx;
static serial_queue_handle_t rx;

static uint32_t read_data(void)
{
    assert_true(uart.input_at < uart.input_len);

    uint32_t word = (uint8_t)uart.input[uart.input_at++];

    if (uart.overrun) {
        uart.overrun = false;
        word |= PL011_DR_OE;
    }
    return word;
}

static uint32_t flags(void)
{
    return (uart.busy ? PL011_FR_BUSY : 0) |
           (uart.tx_fill == FIFO ? PL011_FR_TXFF : 0) |
           (uart.input_at == uart.input_len ? PL011_FR_RXFE : 0);
}

uint32_t fake_mmio_read(uintptr_t dev, uint32_t offset, uint32_t width)
{
    assert_int_equal(dev, UART);
    assert_int_equal(width, 4);
    switch (offset) {
    case PL011_DR:
        return read_data();
    case PL011_FR:
        return flags();
    case PL011_MIS:
        return uart.ris & uart.imsc;
    default:
        fail_msg("read of register %#x", offset);
        return 0;
    }
}

static void write_data(uint32_t value)
{
    assert_true(uart.tx_fill < FIFO);
    assert_true((uart.cr & PL011_CR_TXE) != 0);
    uart.sent[uart.sent_len++] = (char)value;
    uart.tx_fill += uart.tx_stuck ? 1 : 0;
}

void fake_mmio_write(
    uintptr_t dev, uint32_t offset, uint32_t width, uint32_t value)
{
    assert_int_equal(dev, UART);
    assert_int_equal(width, 4);
    switch (offset) {
    case PL011_DR:
        write_data(value);
        break;
    case PL011_IMSC:
        uart.imsc = value;
        break;
    case PL011_ICR:
        uart.ris &= ~value;
        break;
    case PL011_CR:
        uart.cr = value;
        break;
    case PL011_LCR_H:
        uart.lcr_h = value;
        break;
    case PL011_IBRD:
        uart.ibrd = value;
        break;
    case PL011_FBRD:
        uart.fbrd = value;
        break;
    case PL011_IFLS:
        assert_int_equal(value, 0);
        break;
    default:
        fail_msg("write of register %#x", offset);
    }
}

/* Somebody types: the device raises its interrupt if it may. */
static void type(const char *text)
{
    uint32_t len = (uint32_t)strlen(text);

    memcpy(uart.input + uart.input_len, text, len);
    uart.input_len += len;
    uart.ris |= PL011_INT_RX;
    if ((uart.imsc & PL011_INT_RX) != 0) {
        notified(IRQ);
    }
}

/* What the virtualiser does. */
static uint32_t take_all(char *out)
{
    uint32_t len = 0;

    while (serial_dequeue(&rx, out + len) == 0) {
        len++;
    }
    return len;
}

static void connect(serial_connection_resource_t *conn, serial_queue_t *page,
    char *data, uint8_t id)
{
    conn->queue.vaddr = page;
    conn->queue.size = 4096;
    conn->data.vaddr = data;
    conn->data.size = CAPACITY;
    conn->id = id;
}

static void configure(void)
{
    fake_sddf_reset();
    memset(&uart, 0, sizeof(uart));
    memset(&tx_page, 0, sizeof(tx_page));
    memset(&rx_page, 0, sizeof(rx_page));
    memset(&config, 0, sizeof(config));
    memcpy(config.magic, SDDF_SERIAL_MAGIC, SDDF_SERIAL_MAGIC_LEN);
    connect(&config.tx, &tx_page, tx_data, VIRT_TX);
    connect(&config.rx, &rx_page, rx_data, VIRT_RX);
    config.default_baud = 115200;
    config.rx_enabled = true;
    memset(&device_resources, 0, sizeof(device_resources));
    memcpy(device_resources.magic, DEVICE_MAGIC, DEVICE_MAGIC_LEN);
    device_resources.num_irqs = 1;
    device_resources.irqs[0].id = IRQ;
    device_resources.num_regions = 1;
    device_resources.regions[0].region.vaddr = (void *)(uintptr_t)UART;
}

static int set_up(void **unused)
{
    (void)unused;
    configure();
    init();
    serial_queue_init(&tx, &tx_page, CAPACITY, tx_data);
    serial_queue_init(&rx, &rx_page, CAPACITY, rx_data);
    return 0;
}

static void the_line_is_set_up(void **unused)
{
    (void)unused;
    assert_int_equal(uart.cr, PL011_CR_UARTEN | PL011_CR_TXE | PL011_CR_RXE);
    assert_int_equal(uart.lcr_h, 0x70); /* 8 bits, FIFOs, no parity */
    /* TRM 3.3.6: 24 MHz / (16 * 115200) = 13.02 */
    assert_int_equal(uart.ibrd, 13);
    assert_int_equal(uart.fbrd, 1);
    assert_int_equal(uart.imsc, PL011_INT_RX | PL011_INT_RT);
}

static void a_busy_device_does_not_hang_us(void **unused)
{
    (void)unused;
    configure();
    uart.busy = true;
    config.default_baud = 100000000; /* impossible: keep firmware's */
    config.rx_enabled = false;
    init();
    assert_int_equal(uart.cr, PL011_CR_UARTEN | PL011_CR_TXE);
    assert_int_equal(uart.ibrd, 0);
    assert_int_equal(uart.imsc, 0);
}

static void output_is_sent_in_order(void **unused)
{
    (void)unused;
    serial_enqueue_batch(&tx, 11, "Hello world");
    notified(VIRT_TX);
    assert_int_equal(uart.sent_len, 11);
    assert_memory_equal(uart.sent, "Hello world", 11);
    assert_int_equal(uart.imsc & PL011_INT_TX, 0);
    /* the virtualiser asked for a signal (flag 0): one, not two */
    assert_int_equal(fake_sddf.notify[VIRT_TX], 1);
    serial_enqueue_batch(&tx, 1, "x");
    notified(VIRT_TX);
    assert_int_equal(fake_sddf.notify[VIRT_TX], 1);
}

static void a_full_fifo_waits_for_its_interrupt(void **unused)
{
    (void)unused;
    uart.tx_stuck = true;
    for (uint32_t i = 0; i < 40; i++) {
        serial_enqueue(&tx, (char)('A' + i));
    }
    notified(VIRT_TX);
    assert_int_equal(uart.sent_len, FIFO);
    assert_int_equal(uart.imsc & PL011_INT_TX, PL011_INT_TX);
    while (uart.sent_len < 40) {
        uint32_t before = uart.sent_len;

        uart.tx_fill = 2;
        uart.ris |= PL011_INT_TX;
        notified(IRQ);
        assert_true(uart.sent_len > before);
    }
    for (uint32_t i = 0; i < 40; i++) {
        assert_int_equal(uart.sent[i], 'A' + i);
    }
    assert_int_equal(uart.imsc & PL011_INT_TX, 0);
}

static void input_reaches_the_virtualiser(void **unused)
{
    char got[CAPACITY];

    (void)unused;
    type("abc");
    assert_int_equal(fake_sddf.notify[VIRT_RX], 1);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 1);
    assert_int_equal(take_all(got), 3);
    assert_memory_equal(got, "abc", 3);
    assert_int_equal(uart.ris, 0);
}

static void input_without_room_waits(void **unused)
{
    static char text[100];
    char got[CAPACITY];

    (void)unused;
    memset(text, 'x', sizeof(text) - 1);
    text[70] = 'y';
    type(text);
    assert_int_equal(uart.imsc & (PL011_INT_RX | PL011_INT_RT), 0);
    assert_true(serial_require_consumer_signal(&rx));
    assert_int_equal(take_all(got), CAPACITY);
    serial_cancel_consumer_signal(&rx);
    notified(VIRT_RX);
    assert_int_equal(take_all(got), sizeof(text) - 1 - CAPACITY);
    assert_int_equal(got[70 - CAPACITY], 'y');
    assert_int_equal(uart.imsc, PL011_INT_RX | PL011_INT_RT);
    assert_false(serial_require_consumer_signal(&rx));
}

static void nonsense_indices_are_harmless(void **unused)
{
    char got[CAPACITY];

    (void)unused;
    tx_page.tail = 0x80000000;
    notified(VIRT_TX);
    assert_int_equal(uart.sent_len, 0);
    rx_page.head = 12345;
    type("lost?");
    assert_int_equal(uart.imsc & PL011_INT_RX, 0);
    rx_page.head = 0; /* the peer mends it */
    notified(VIRT_RX);
    assert_int_equal(take_all(got), 5);
    tx_page.tail = 0;
    serial_enqueue_batch(&tx, 2, "ok");
    notified(VIRT_TX);
    assert_memory_equal(uart.sent, "ok", 2);
}

static void a_restarted_driver_goes_on(void **unused)
{
    (void)unused;
    serial_enqueue_batch(&tx, 4, "abcd");
    init();
    assert_int_equal(uart.sent_len, 4);
    notified(VIRT_TX);
    assert_int_equal(uart.sent_len, 4);
}

/* Each rule is needed: one wrong value at a time, and no device is touched. */
static void an_unusable_configuration_is_refused(void **unused)
{
    (void)unused;
    configure();
    config.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, "serial_driver_config", "magic"));
    configure();
    config.tx.data.size = 63;
    assert_true(
        fake_sddf_refuses(init, "serial_driver_config", "tx.data.size"));
    configure();
    config.rx.data.size = 0;
    assert_true(
        fake_sddf_refuses(init, "serial_driver_config", "rx.data.size"));
    configure();
    device_resources.magic[0] ^= 1;
    assert_true(fake_sddf_refuses(init, "device_resources", "magic"));
    configure();
    device_resources.num_regions = 0;
    assert_true(fake_sddf_refuses(init, "device_resources", "num_regions"));
    configure();
    device_resources.num_irqs = 0;
    assert_true(fake_sddf_refuses(init, "device_resources", "num_irqs"));
    assert_int_equal(uart.cr, 0);
    configure();
    config.rx.data.size = 0;
    config.rx_enabled = false; /* then nobody needs it */
    assert_false(fake_sddf_stops(init));
}

static void unexpected_notifications_are_ignored(void **unused)
{
    (void)unused;
    notified(40);
    assert_int_equal(fake_sddf.irq_ack[IRQ], 0);
    assert_non_null(strstr(fake_sddf.console, "unexpected notification 40"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_line_is_set_up, set_up),
        cmocka_unit_test_setup(a_busy_device_does_not_hang_us, set_up),
        cmocka_unit_test_setup(output_is_sent_in_order, set_up),
        cmocka_unit_test_setup(a_full_fifo_waits_for_its_interrupt, set_up),
        cmocka_unit_test_setup(input_reaches_the_virtualiser, set_up),
        cmocka_unit_test_setup(input_without_room_waits, set_up),
        cmocka_unit_test_setup(nonsense_indices_are_harmless, set_up),
        cmocka_unit_test_setup(a_restarted_driver_goes_on, set_up),
        cmocka_unit_test_setup(an_unusable_configuration_is_refused, set_up),
        cmocka_unit_test_setup(unexpected_notifications_are_ignored, set_up),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
