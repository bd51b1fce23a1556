/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An echo server: lwIP between the network's queues, and three services.
 */
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/lib_sddf_lwip.h>
#include <sddf/network/queue.h>
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>
#include <sddf/timer/config.h>
#include <sddf/util/printf.h>

#include "base/check.h"
#include "systems/echo/echo.h"

__attribute__((__section__(".serial_client_config")))
serial_client_config_t serial_config;
__attribute__((__section__(".timer_client_config")))
timer_client_config_t timer_config;
__attribute__((__section__(".net_client_config")))
net_client_config_t net_config;

/* Written by the tool: the channel to the meter. */
uint64_t meter_channel;

static serial_queue_handle_t serial_tx;

/* --- The meter ------------------------------------------------------------- */

void meter_start(void)
{
    (void)sddf_ppcall(
        (sddf_channel)meter_channel, microkit_msginfo_new(METER_START, 0));
}

struct meter_reading meter_stop(void)
{
    (void)sddf_ppcall(
        (sddf_channel)meter_channel, microkit_msginfo_new(METER_STOP, 0));
    return (struct meter_reading){ sddf_get_mr(0), sddf_get_mr(1) };
}

bool meter_restart_driver(void)
{
    (void)sddf_ppcall(
        (sddf_channel)meter_channel, microkit_msginfo_new(METER_RESTART, 0));
    return sddf_get_mr(0) == 1;
}

/* --- The server -------------------------------------------------------------- */

static void address_obtained(char *ip_addr)
{
    sddf_printf("DHCP request finished, IP address for netif %s is: %s\n",
        sddf_get_pd_name(), ip_addr);
}

void init(void)
{
    net_queue_handle_t rx;
    net_queue_handle_t tx;

    CHECK(serial_config_check_magic(&serial_config));
    CHECK(timer_config_check_magic(&timer_config));
    CHECK(net_config_check_magic(&net_config));
    serial_queue_init(&serial_tx, serial_config.tx.queue.vaddr,
        (uint32_t)serial_config.tx.data.size, serial_config.tx.data.vaddr);
    serial_putchar_init(serial_config.tx.id, &serial_tx);
    net_queue_init(&rx, net_config.rx.free_queue.vaddr,
        net_config.rx.active_queue.vaddr, net_config.rx.num_buffers);
    net_queue_init(&tx, net_config.tx.free_queue.vaddr,
        net_config.tx.active_queue.vaddr, net_config.tx.num_buffers);
    net_buffers_init(&tx, 0);
    sddf_lwip_init(NULL, &net_config, &timer_config, rx, tx, NULL, NULL,
        address_obtained, NULL, NULL, NULL);
    (void)udp_echo_start();
    (void)tcp_echo_start();
    (void)utilisation_start();
    sddf_lwip_maybe_notify();
}

void notified(sddf_channel ch)
{
    if (ch == net_config.rx.id) {
        sddf_lwip_process_rx();
    } else if (ch == timer_config.driver_id) {
        sddf_lwip_process_timeout();
    }
    sddf_lwip_maybe_notify();
}
