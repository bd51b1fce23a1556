/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - what the tool tells the parts of a network about each other.
 *
 * Shape     one structure per part, in the section named beside it; layouts
 *           as in sDDF 0.7 (sizes asserted below).  Included by the host tool,
 *           so it depends on nothing of the target.
 * Units     bytes; num_buffers is also the capacity of the queues and a power
 *           of two.
 * Owner     written by the tool into the ELF; constant at run time.
 * Trust     as trusted as the image itself.
 * Errors    net_config_check_magic() is false when nothing was written.
 * Source    names and layouts of sDDF 0.7.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/network/mac802.h>
#include <sddf/resources/common.h>
#include <sddf/resources/device.h>

#define SDDF_NET_MAX_CLIENTS 64
#define SDDF_NET_MAGIC_LEN   5

static const char SDDF_NET_MAGIC[SDDF_NET_MAGIC_LEN] = { 's', 'D', 'D', 'F',
    0x5 };

/* A pair of queues shared with one neighbour, and the channel to it. */
typedef struct net_connection_resource {
    region_resource_t free_queue;
    region_resource_t active_queue;
    uint16_t num_buffers;
    uint8_t id;
} net_connection_resource_t;

/* .net_driver_config */
typedef struct net_driver_config {
    char magic[SDDF_NET_MAGIC_LEN];
    net_connection_resource_t virt_rx;
    net_connection_resource_t virt_tx;
} net_driver_config_t;

/* Memory of a client that the device may read. */
typedef struct net_virt_tx_data_region {
    device_region_resource_t data;
    uint32_t num_buffers;
} net_virt_tx_data_region_t;

typedef struct net_virt_tx_client_config {
    net_connection_resource_t conn;
    net_virt_tx_data_region_t regions[SDDF_NET_MAX_CLIENTS];
    uint8_t num_regions;
} net_virt_tx_client_config_t;

/* .net_virt_tx_config */
typedef struct net_virt_tx_config {
    char magic[SDDF_NET_MAGIC_LEN];
    net_connection_resource_t driver;
    net_virt_tx_client_config_t clients[SDDF_NET_MAX_CLIENTS];
    uint8_t num_clients;
} net_virt_tx_config_t;

/* A client gets the frames for each of its addresses. */
typedef struct net_virt_rx_client_config {
    net_connection_resource_t conn;
    mac_addr_t mac_addrs[SDDF_NET_MAX_CLIENTS];
    uint8_t num_macs;
} net_virt_rx_client_config_t;

/*
 * .net_virt_rx_config: `data` is the memory that the device writes, mapped
 * read-only; `buffer_metadata` has one byte per buffer, zeroed, read-write,
 * for the number of clients that hold the buffer.
 */
typedef struct net_virt_rx_config {
    char magic[SDDF_NET_MAGIC_LEN];
    net_connection_resource_t driver;
    device_region_resource_t data;
    region_resource_t buffer_metadata;
    net_virt_rx_client_config_t clients[SDDF_NET_MAX_CLIENTS];
    uint8_t num_clients;
} net_virt_rx_config_t;

/*
 * .net_dma_config, of both virtualisers (ours; absent in systems made by other
 * generators, which is as if it were zero): a device that sees what is in the
 * caches ("dma-coherent" in the device tree) needs no cache maintenance.
 */
typedef struct net_dma_config {
    char magic[SDDF_NET_MAGIC_LEN];
    uint8_t coherent;
} net_dma_config_t;

/* .net_copy_config: rx_data is indexed by a descriptor's owner (oid). */
typedef struct net_copy_config {
    char magic[SDDF_NET_MAGIC_LEN];
    net_connection_resource_t rx;
    region_resource_t rx_data[SDDF_NET_MAX_CLIENTS];
    net_connection_resource_t client;
    region_resource_t client_data;
} net_copy_config_t;

/* .net_client_config */
typedef struct net_client_config {
    char magic[SDDF_NET_MAGIC_LEN];
    net_connection_resource_t rx;
    region_resource_t rx_data;
    net_connection_resource_t tx;
    region_resource_t tx_data;
    mac_addr_t mac_addr;
} net_client_config_t;

/* One port of a virtual switch; `acl` has a bit per port it may send to. */
typedef struct net_vswitch_port_config {
    net_connection_resource_t rx;
    net_connection_resource_t tx;
    region_resource_t tx_data;
    mac_addr_t mac_addr;
    uint64_t acl;
} net_vswitch_port_config_t;

/* .net_vswitch_config: the last port is the one to the virtualisers. */
typedef struct net_vswitch_config {
    char magic[SDDF_NET_MAGIC_LEN];
    net_vswitch_port_config_t ports[SDDF_NET_MAX_CLIENTS];
    uint8_t num_ports;
    region_resource_t buffer_metadata;
} net_vswitch_config_t;

#define SDDF_LIB_SDDF_LWIP_MAGIC_LEN 5

static const char SDDF_LIB_SDDF_LWIP_MAGIC[SDDF_LIB_SDDF_LWIP_MAGIC_LEN] = {
    's', 'D', 'D', 'F', 0x8
};

/* .lib_sddf_lwip_config: optional; the library has a pool of its own. */
typedef struct lib_sddf_lwip_config {
    char magic[SDDF_LIB_SDDF_LWIP_MAGIC_LEN];
    region_resource_t pbuf_pool;
    uint64_t num_pbufs;
} lib_sddf_lwip_config_t;

_Static_assert(sizeof(net_connection_resource_t) == 40, "sDDF 0.7");
_Static_assert(sizeof(net_driver_config_t) == 88, "sDDF 0.7");
_Static_assert(sizeof(net_virt_rx_config_t) == 27744, "sDDF 0.7");
_Static_assert(sizeof(net_virt_tx_config_t) == 134200, "sDDF 0.7");
_Static_assert(sizeof(net_copy_config_t) == 1128, "sDDF 0.7");
_Static_assert(sizeof(net_client_config_t) == 128, "sDDF 0.7");
_Static_assert(sizeof(net_vswitch_port_config_t) == 112, "sDDF 0.7");
_Static_assert(sizeof(net_vswitch_config_t) == 7200, "sDDF 0.7");

/** Tells whether the tool has filled in a structure of this class. */
static inline bool net_config_check_magic(const void *config)
{
    const char *magic = (const char *)config;

    for (int i = 0; i < SDDF_NET_MAGIC_LEN; i++) {
        if (magic[i] != SDDF_NET_MAGIC[i]) {
            return false;
        }
    }
    return true;
}
