/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a network client prints goes to the serial virtualiser.  A file of its
 * own: a program without a serial line does not link it.
 */
#include <lions/net/client.h>

#include <sddf/serial/queue.h>
#include <sddf/util/config_check.h>
#include <sddf/util/printf.h>

#include "lions/net/client_config.h"

__attribute__((__section__(".serial_client_config")))
serial_client_config_t net_client_serial_config;

void net_client_console(void)
{
    static serial_queue_handle_t tx;
    const serial_client_config_t *config = &net_client_serial_config;

    config_require(
        serial_config_check_magic(config), "serial_client_config", "magic");
    serial_queue_init(&tx, config->tx.queue.vaddr,
        (uint32_t)config->tx.data.size, config->tx.data.vaddr);
    serial_putchar_init(config->tx.id, &tx);
}
