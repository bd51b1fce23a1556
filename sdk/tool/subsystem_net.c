/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Class "net":
 *
 *   device --DMA--> [rx_dma] -- virt_rx --> copier --> [client's rx data]
 *   device <--DMA-- [client's tx data] <-- virt_tx <-- client
 *
 * The driver maps no packet: it hands physical addresses from queue to ring.
 * The Rx memory is read-only for everybody but the device.  A client's Tx
 * memory is its own; the Tx virtualiser maps it to clean caches.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sddf/network/config.h>

#include "sdk/tool/number.h"
#include "sdk/tool/subsystem.h"

#define NET_DRIVER_PRIORITY  101u
#define NET_VIRT_TX_PRIORITY 100u
#define NET_VIRT_RX_PRIORITY 99u
#define NET_COPIER_PRIORITY  98u
#define NET_BUFFERS_DEFAULT  512u
#define NET_BUFFERS_MAX      32768u
#define NET_BUFFER_BYTES     2048u
#define NET_QUEUE_HEADER     8u
#define NET_DESCRIPTOR_BYTES 16u
#define NET_QUEUE_TRAILER    8u /* struct net_hints */

struct net {
    struct subsystem *subsystem;
    uint32_t buffers;
    uint32_t rx_dma; /* region */
    uint32_t virt_rx;
    uint32_t virt_tx;
    net_driver_config_t *driver_config;
    net_virt_rx_config_t *virt_rx_config;
    net_virt_tx_config_t *virt_tx_config;
};

/* Two queues and a channel between two PDs. */
static void net_connect(struct net *net, const char *name, uint32_t pd[2],
    net_connection_resource_t *const conn[2])
{
    struct subsystem *subsystem = net->subsystem;
    uint64_t size = NET_QUEUE_HEADER +
                    (uint64_t)net->buffers * NET_DESCRIPTOR_BYTES +
                    NET_QUEUE_TRAILER;
    uint32_t free_queue =
        subsystem_add_region(subsystem, size, "%s_free", name);
    uint32_t active_queue =
        subsystem_add_region(subsystem, size, "%s_active", name);
    uint8_t id[2];

    subsystem_connect(subsystem, pd[0], pd[1], id);
    for (uint32_t i = 0; i < 2; i++) {
        conn[i]->free_queue =
            subsystem_map(subsystem, pd[i], free_queue, SDF_READ | SDF_WRITE);
        conn[i]->active_queue =
            subsystem_map(subsystem, pd[i], active_queue, SDF_READ | SDF_WRITE);
        conn[i]->num_buffers = (uint16_t)net->buffers;
        conn[i]->id = id[i];
    }
}

/* Hexadecimal pairs with colons, and nothing else. */
static bool net_parse_mac(const char *text, mac_addr_t *out)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    uint32_t value[12];

    if (strlen(text) != 17) {
        return false;
    }
    for (uint32_t i = 0; i < 17; i++) {
        const char *digit = strchr(digits, text[i]);

        if (i % 3 == 2) {
            if (text[i] != ':') {
                return false;
            }
        } else if (digit == NULL) {
            return false;
        } else {
            uint32_t at = (uint32_t)(digit - digits);

            /* lower case first, capitals in the second half */
            value[i / 3 * 2 + i % 3] = at % 16;
        }
    }
    for (uint32_t i = 0; i < sizeof out->addr; i++) {
        out->addr[i] = (uint8_t)(value[2 * i] << 4 | value[2 * i + 1]);
    }
    return true;
}

static mac_addr_t net_client_mac(
    const struct net *net, const struct subsystem_client *client)
{
    const net_virt_rx_config_t *rx = net->virt_rx_config;
    const char *text = xml_attr_required(client->node, "mac");
    mac_addr_t mac;

    if (!net_parse_mac(text, &mac)) {
        xml_error(client->node,
            "mac '%s' is not six hexadecimal bytes with colons", text);
    }
    if ((mac.addr[0] & 1) != 0) {
        xml_error(client->node, "mac '%s' is a group address", text);
    }
    for (uint32_t i = 0; i < rx->num_clients; i++) {
        if (memcmp(&rx->clients[i].mac_addrs[0], &mac, sizeof mac) == 0) {
            xml_error(client->node, "mac '%s' is used twice", text);
        }
    }
    return mac;
}

static uint32_t net_add_copier(
    struct net *net, const struct subsystem_client *client)
{
    struct subsystem_role role = {
        .element = "copier",
        .suffix =
            arena_printf(net->subsystem->build->arena, "copy_%s", client->name),
        .program = "net_copy.elf",
        .priority = NET_COPIER_PRIORITY,
    };

    return subsystem_add_pd(net->subsystem, &role);
}

/* Receive: virtualiser, copier, client. */
static void net_client_rx(struct net *net,
    const struct subsystem_client *client, net_client_config_t *config)
{
    struct subsystem *subsystem = net->subsystem;
    struct arena *arena = subsystem->build->arena;
    net_virt_rx_config_t *rx = net->virt_rx_config;
    net_virt_rx_client_config_t *entry = &rx->clients[rx->num_clients++];
    net_copy_config_t *copy = arena_alloc(arena, sizeof *copy);
    uint32_t copier = net_add_copier(net, client);
    uint32_t data = subsystem_add_region(subsystem,
        (uint64_t)net->buffers * NET_BUFFER_BYTES, "%s_rx_data", client->name);
    uint32_t shared[2] = { net->virt_rx, copier };
    uint32_t own[2] = { copier, client->pd };
    net_connection_resource_t *const shared_conn[2] = { &entry->conn,
        &copy->rx };
    net_connection_resource_t *const own_conn[2] = { &copy->client,
        &config->rx };

    net_connect(net, arena_printf(arena, "copy_%s_rx", client->name), shared,
        shared_conn);
    net_connect(net, arena_printf(arena, "%s_rx", client->name), own, own_conn);
    entry->mac_addrs[0] = config->mac_addr;
    entry->num_macs = 1;
    memcpy(copy->magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    copy->rx_data[0] = subsystem_map(subsystem, copier, net->rx_dma, SDF_READ);
    copy->client_data =
        subsystem_map(subsystem, copier, data, SDF_READ | SDF_WRITE);
    config->rx_data =
        subsystem_map(subsystem, client->pd, data, SDF_READ | SDF_WRITE);
    subsystem_add_section(
        subsystem, copier, ".net_copy_config", copy, sizeof *copy);
}

/* Transmit: client, virtualiser. */
static void net_client_tx(struct net *net,
    const struct subsystem_client *client, net_client_config_t *config)
{
    struct subsystem *subsystem = net->subsystem;
    struct arena *arena = subsystem->build->arena;
    net_virt_tx_config_t *tx = net->virt_tx_config;
    net_virt_tx_client_config_t *entry = &tx->clients[tx->num_clients++];
    net_virt_tx_data_region_t *region = &entry->regions[0];
    uint32_t data = subsystem_add_region(subsystem,
        (uint64_t)net->buffers * NET_BUFFER_BYTES, "%s_tx_data", client->name);
    uint32_t pd[2] = { net->virt_tx, client->pd };
    net_connection_resource_t *const conn[2] = { &entry->conn, &config->tx };

    net_connect(net, arena_printf(arena, "%s_tx", client->name), pd, conn);
    config->tx_data =
        subsystem_map(subsystem, client->pd, data, SDF_READ | SDF_WRITE);
    region->data.region =
        subsystem_map(subsystem, net->virt_tx, data, SDF_READ);
    region->num_buffers = net->buffers;
    entry->num_regions = 1;
    subsystem_add_fixup(subsystem, net->virt_tx, ".net_virt_tx_config",
        &region->data.io_addr, data);
}

static void net_client(struct net *net, const struct subsystem_client *client)
{
    static const char *const names[] = { "pd", "mac", NULL };
    struct subsystem *subsystem = net->subsystem;
    net_client_config_t *config =
        arena_alloc(subsystem->build->arena, sizeof *config);

    xml_attr_only(client->node, names);
    if (net->virt_rx_config->num_clients == SDDF_NET_MAX_CLIENTS) {
        xml_error(client->node, "too many clients");
    }
    memcpy(config->magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    config->mac_addr = net_client_mac(net, client);
    net_client_rx(net, client, config);
    net_client_tx(net, client, config);
    subsystem_add_section(
        subsystem, client->pd, ".net_client_config", config, sizeof *config);
}

/* Tells a virtualiser whether it has caches to maintain. */
static void net_dma(struct net *net, uint32_t pd)
{
    struct subsystem *subsystem = net->subsystem;
    net_dma_config_t *config =
        arena_alloc(subsystem->build->arena, sizeof *config);

    memcpy(config->magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    config->coherent = subsystem->coherent ? 1 : 0;
    subsystem_add_section(
        subsystem, pd, ".net_dma_config", config, sizeof *config);
}

/* The virtualisers, the memory that the device fills, and the driver. */
static void net_core(struct net *net)
{
    static const struct subsystem_role rx_role = { "virt_rx", "virt_rx",
        "net_virt_rx.elf", NET_VIRT_RX_PRIORITY, false };
    static const struct subsystem_role tx_role = { "virt_tx", "virt_tx",
        "net_virt_tx.elf", NET_VIRT_TX_PRIORITY, false };
    struct subsystem *subsystem = net->subsystem;
    net_virt_rx_config_t *rx = net->virt_rx_config;
    net_virt_tx_config_t *tx = net->virt_tx_config;

    subsystem_add_driver(subsystem, NET_DRIVER_PRIORITY, false);
    net->virt_rx = subsystem_add_pd(subsystem, &rx_role);
    net->virt_tx = subsystem_add_pd(subsystem, &tx_role);
    subsystem_add_section(
        subsystem, net->virt_rx, ".net_virt_rx_config", rx, sizeof *rx);
    subsystem_add_section(
        subsystem, net->virt_tx, ".net_virt_tx_config", tx, sizeof *tx);
    subsystem_add_section(subsystem, subsystem->driver, ".net_driver_config",
        net->driver_config, sizeof *net->driver_config);

    net_dma(net, net->virt_rx);
    net_dma(net, net->virt_tx);

    uint32_t rx_pd[2] = { subsystem->driver, net->virt_rx };
    uint32_t tx_pd[2] = { subsystem->driver, net->virt_tx };
    net_connection_resource_t *const rx_conn[2] = {
        &net->driver_config->virt_rx, &rx->driver
    };
    net_connection_resource_t *const tx_conn[2] = {
        &net->driver_config->virt_tx, &tx->driver
    };

    net_connect(net, "driver_rx", rx_pd, rx_conn);
    net_connect(net, "driver_tx", tx_pd, tx_conn);
    net->rx_dma = subsystem_add_region(
        subsystem, (uint64_t)net->buffers * NET_BUFFER_BYTES, "rx_dma");

    uint32_t metadata =
        subsystem_add_region(subsystem, net->buffers, "rx_metadata");

    rx->data.region =
        subsystem_map(subsystem, net->virt_rx, net->rx_dma, SDF_READ);
    rx->buffer_metadata =
        subsystem_map(subsystem, net->virt_rx, metadata, SDF_READ | SDF_WRITE);
    subsystem_add_fixup(subsystem, net->virt_rx, ".net_virt_rx_config",
        &rx->data.io_addr, net->rx_dma);
}

void subsystem_net(struct subsystem *subsystem)
{
    struct arena *arena = subsystem->build->arena;
    uint64_t buffers =
        number_attr(subsystem->node, "buffers", NET_BUFFERS_DEFAULT);
    struct net net = {
        .subsystem = subsystem,
        .buffers = (uint32_t)buffers,
        .driver_config = arena_alloc(arena, sizeof *net.driver_config),
        .virt_rx_config = arena_alloc(arena, sizeof *net.virt_rx_config),
        .virt_tx_config = arena_alloc(arena, sizeof *net.virt_tx_config),
    };

    if (buffers < 2 || buffers > NET_BUFFERS_MAX ||
        (buffers & (buffers - 1)) != 0) {
        xml_error(subsystem->node,
            "buffers must be a power of two between 2 and %u", NET_BUFFERS_MAX);
    }
    memcpy(net.driver_config->magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    memcpy(net.virt_rx_config->magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    memcpy(net.virt_tx_config->magic, SDDF_NET_MAGIC, SDDF_NET_MAGIC_LEN);
    net_core(&net);
    for (uint32_t i = 0; i < subsystem->client_count; i++) {
        net_client(&net, &subsystem->client[i]);
    }
}
