/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See lions/net/client.h.
 *
 * This file is compiled without link-time optimisation: the tool writes the two
 * structures below into the finished program, so the compiler must not take their
 * contents for constants.
 */
#include <lions/net/client.h>

#include <sddf/network/lib_sddf_lwip.h>
#include <sddf/util/config_check.h>

#include "base/str.h"
#include "lions/net/client_config.h"

__attribute__((__section__(".net_client_config")))
net_client_config_t net_client_net_config;
__attribute__((__section__(".timer_client_config")))
timer_client_config_t net_client_timer_config;

/* "255.255.255.255/32,255.255.255.255" fits. */
#define ADDRESS_SIZE 48

static const struct net_client *self;

/* Is this the capacity of a queue, or 0 for a direction that is not used? */
static bool is_capacity(uint32_t n)
{
    return (n & (n - 1)) == 0;
}

static void require_config(const net_client_config_t *config)
{
    static const char section[] = "net_client_config";

    config_require(net_config_check_magic(config), section, "magic");
    config_require(
        is_capacity(config->rx.num_buffers), section, "rx.num_buffers");
    config_require(
        is_capacity(config->tx.num_buffers), section, "tx.num_buffers");
    /* All buffers of the Tx region are ours to begin with. */
    config_require(config->tx_data.size >=
                       (uint64_t)config->tx.num_buffers * NET_BUFFER_SIZE,
        section, "tx_data");
    config_require(timer_config_check_magic(&net_client_timer_config),
        "timer_client_config", "magic");
}

static net_queue_handle_t open_queue(const net_connection_resource_t *conn)
{
    net_queue_handle_t queue;

    net_queue_init(&queue, conn->free_queue.vaddr, conn->active_queue.vaddr,
        conn->num_buffers);
    return queue;
}

/* lwIP's glue takes and gives text that is not constant. */
static void tell_address(char *address)
{
    self->on_address(address);
}

void net_client_init(const struct net_client *client)
{
    net_client_config_t *config = &net_client_net_config;
    char address[ADDRESS_SIZE];

    self = client;
    require_config(config);
    net_queue_handle_t rx = open_queue(&config->rx);
    net_queue_handle_t tx = open_queue(&config->tx);
    net_buffers_init(&tx, 0);
    if (client->address != NULL) {
        (void)str_copy(address, sizeof(address), client->address);
    }
    sddf_lwip_init(NULL, config, &net_client_timer_config, rx, tx,
        client->address != NULL ? address : NULL, NULL,
        client->on_address != NULL ? tell_address : NULL, NULL, NULL, NULL);
    client->start();
    sddf_lwip_maybe_notify();
}

void net_client_notified(sddf_channel ch)
{
    if (ch == net_client_net_config.rx.id) {
        sddf_lwip_process_rx();
    } else if (ch == net_client_timer_config.driver_id) {
        sddf_lwip_process_timeout();
    } else if (ch != net_client_net_config.tx.id && self->on_notified != NULL) {
        self->on_notified(ch);
    }
    sddf_lwip_maybe_notify(); /* Tx: buffers have come back for what waits */
}

sddf_channel net_client_timer(void)
{
    return net_client_timer_config.driver_id;
}
