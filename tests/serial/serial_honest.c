/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints more than its queue holds, line by line, and waits for room as the
 * protocol says.  Every line must arrive, whatever the other client does.
 */
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>
#include <sddf/util/printf.h>

#define LINES    2000u
#define LINE_MAX 96u

__attribute__((__section__(".serial_client_config")))
serial_client_config_t config;

static struct {
    serial_queue_handle_t tx;
    uint32_t line;
} state;

static bool has_room(uint32_t len)
{
    if (serial_queue_free(&state.tx) >= len) {
        return true;
    }
    serial_request_consumer_signal(&state.tx);
    if (serial_queue_free(&state.tx) < len) {
        return false;
    }
    serial_cancel_consumer_signal(&state.tx);
    return true;
}

/* A burst of lines is made visible at once, so that the queue gets full. */
static void print_lines(void)
{
    while (state.line < LINES) {
        char text[LINE_MAX];
        uint32_t len = (uint32_t)sddf_snprintf(text, sizeof(text),
            "honest line %u of %u, which is long enough to fill queues\r\n",
            state.line + 1, LINES);

        if (!has_room(len)) {
            break;
        }
        (void)serial_enqueue_batch(&state.tx, len, text);
        state.line++;
    }
    sddf_notify(config.tx.id);
}

void init(void)
{
    serial_queue_init(&state.tx, config.tx.queue.vaddr,
        (uint32_t)config.tx.data.size, config.tx.data.vaddr);
    print_lines();
}

void notified(microkit_channel ch)
{
    if (ch == config.tx.id) {
        print_lines();
    }
}
