/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Printing through the serial class.  A line becomes visible to the Tx
 * virtualiser when it ends, or when the queue is full.  A full queue is first
 * offered to the virtualiser, which outranks its clients and on the same core
 * has emptied it when the notification returns; what then still has no room
 * is lost and counted, because a component must never wait for its console.
 * Before serial_putchar_init() there is only the kernel's debug console, which
 * prints nothing in release builds: such characters count as lost.
 */
#include <sddf/util/printf.h>

static struct {
    sddf_channel channel;
    serial_queue_handle_t *queue; /* NULL before serial_putchar_init() */
    struct serial_batch batch;    /* what it has not seen yet */
    uint32_t lost;
} state;

void serial_putchar_init(
    sddf_channel serial_tx_ch, serial_queue_handle_t *serial_tx_queue_handle)
{
    state.channel = serial_tx_ch;
    state.queue = serial_tx_queue_handle;
    state.batch = serial_batch_put(serial_tx_queue_handle);
}

void sddf_putchar_flush(void)
{
    if (state.queue == NULL) {
        return;
    }
    if (queue_batch_used(&state.batch.n) > 0) {
        serial_batch_publish(&state.batch);
        sddf_notify(state.channel);
    }
    state.batch = serial_batch_put(state.queue);
}

static void put(char character)
{
    if (state.queue == NULL) {
        microkit_dbg_putc(character);
        state.lost++;
        return;
    }
    if (queue_batch_left(&state.batch.n) == 0) {
        sddf_putchar_flush();
    }
    if (queue_batch_left(&state.batch.n) == 0) {
        state.lost++;
        return;
    }
    serial_batch_write(&state.batch, character);
}

void _sddf_putchar(char character)
{
    if (character == '\n') {
        put('\r');
    }
    put(character);
    if (character == '\n') {
        sddf_putchar_flush();
    }
}

void sddf_putchar_unbuffered(char character)
{
    put(character);
    sddf_putchar_flush();
}

uint32_t sddf_putchar_lost(void)
{
    return state.lost;
}
