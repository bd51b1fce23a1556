/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An echo server: lwIP between the network's queues, and three services.
 */
#include <stdint.h>

#include <lions/net/client.h>
#include <sddf/util/printf.h>

#include "systems/echo/echo.h"

/* Written by the tool: the channel to the meter. */
uint64_t meter_channel;

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

static void on_address(const char *address)
{
    sddf_printf("DHCP request finished, IP address for netif %s is: %s\n",
        sddf_get_pd_name(), address);
}

static void serve(void)
{
    (void)udp_echo_start();
    (void)tcp_echo_start();
    (void)utilisation_start();
}

static const struct net_client client = {
    .start = serve,
    .on_address = on_address,
};

void init(void)
{
    net_client_console();
    net_client_init(&client);
}

void notified(sddf_channel ch)
{
    net_client_notified(ch);
}
