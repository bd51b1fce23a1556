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
    uint32_t tail;                /* ahead of what the virtualiser sees */
    uint32_t lost;
} state;

void serial_putchar_init(
    sddf_channel serial_tx_ch, serial_queue_handle_t *serial_tx_queue_handle)
{
    state.channel = serial_tx_ch;
    state.queue = serial_tx_queue_handle;
    state.tail = serial_queue_tail(serial_tx_queue_handle);
}

void sddf_putchar_flush(void)
{
    if (state.queue == NULL || state.tail == serial_queue_tail(state.queue)) {
        return;
    }
    serial_update_shared_tail(state.queue, state.tail);
    sddf_notify(state.channel);
}

static void put(char character)
{
    if (state.queue == NULL) {
        microkit_dbg_putc(character);
        state.lost++;
        return;
    }
    if (serial_enqueue_local(state.queue, &state.tail, character) == 0) {
        return;
    }
    sddf_putchar_flush();
    if (serial_enqueue_local(state.queue, &state.tail, character) != 0) {
        state.lost++;
    }
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
