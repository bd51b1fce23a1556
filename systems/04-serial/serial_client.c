/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Greets, then echoes what it is given, and counts.  The greeting and the
 * counts go out line by line, the echo character by character.
 */
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>
#include <sddf/util/config_check.h>
#include <sddf/util/printf.h>

__attribute__((__section__(".serial_client_config")))
serial_client_config_t config;

static struct {
    serial_queue_handle_t rx;
    serial_queue_handle_t tx;
    uint32_t count;
} state;

void init(void)
{
    config_require(
        serial_config_check_magic(&config), "serial_client_config", "magic");
    serial_queue_init(&state.rx, config.rx.queue.vaddr,
        (uint32_t)config.rx.data.size, config.rx.data.vaddr);
    serial_queue_init(&state.tx, config.tx.queue.vaddr,
        (uint32_t)config.tx.data.size, config.tx.data.vaddr);
    serial_putchar_init(config.tx.id, &state.tx);
    sddf_printf("Hello world! I am %s.\nPlease give me character!\n",
        sddf_get_pd_name());
}

static void echo(char c)
{
    if (c == '\r') {
        sddf_putchar_unbuffered('\\');
        sddf_putchar_unbuffered('r');
    } else {
        sddf_putchar_unbuffered(c);
    }
    state.count++;
    if (state.count % 10 == 0) {
        sddf_printf("\n%s has received %u characters so far!\n",
            sddf_get_pd_name(), state.count);
    }
}

void notified(microkit_channel ch)
{
    char c;

    (void)ch;
    while (serial_dequeue(&state.rx, &c) == 0) {
        echo(c);
    }
}
