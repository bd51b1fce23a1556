/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Class "net":
 *
 *   device --DMA--> [rx_dma] -- virt_rx --> copier --> [client's rx data]
 *   device <--DMA-- [client's tx data] <-- virt_tx <-- client
 *
 * The driver maps no packet: it hands device addresses from queue to ring.
 * The Rx memory is read-only for everybody but the device.  A client's Tx
 * memory is its own; the Tx virtualiser maps it to clean caches.
 */
#include <sddf/network/config.h>
#include <sddf/network/constants.h>
#include <sddf/network/hints.h>
#include <sddf/network/queue.h>

#include "sddf/network/tx_regions.h"
#include "sdk/tool/class.h"

#define BUFFERS 512u /* the default */

/* --- Attributes --- */

static const struct class_attribute buffers = {
    .name = "buffers",
    .kind = CLASS_POWER_OF_TWO,
    .otherwise = BUFFERS,
    .min = 2,
    .max = NET_BUFFERS_MAX,
};
static const struct class_attribute mac = {
    .name = "mac",
    .kind = CLASS_MAC,
    .client = true,
    .required = true,
    .unique = true,
};
static const struct class_attribute *const attributes[] = { &buffers, &mac,
    NULL };

/* --- Protection domains --- */

static const struct class_role driver = {
    .kind = CLASS_DRIVER,
    .element = "driver",
    .suffix = "driver",
    .priority = 101,
};
static const struct class_role virt_rx = {
    .kind = CLASS_SINGLE,
    .element = "virt_rx",
    .suffix = "virt_rx",
    .program = "net_virt_rx.elf",
    .priority = 99,
};
static const struct class_role virt_tx = {
    .kind = CLASS_SINGLE,
    .element = "virt_tx",
    .suffix = "virt_tx",
    .program = "net_virt_tx.elf",
    .priority = 100,
};
static const struct class_role copier = {
    .kind = CLASS_PER_CLIENT,
    .element = "copier",
    .suffix = "copy_%s",
    .program = "net_copy.elf",
    .priority = 98,
};
static const struct class_role client = { .kind = CLASS_CLIENT };
static const struct class_role *const roles[] = { &driver, &virt_rx, &virt_tx,
    &copier, &client, NULL };

/* --- Configurations --- */

static const struct class_section driver_config = {
    .role = &driver,
    .name = ".net_driver_config",
    .size = sizeof(net_driver_config_t),
    .magic = SDDF_NET_MAGIC,
    .magic_size = SDDF_NET_MAGIC_LEN,
};
static const struct class_section virt_rx_config = {
    .role = &virt_rx,
    .name = ".net_virt_rx_config",
    .size = sizeof(net_virt_rx_config_t),
    .magic = SDDF_NET_MAGIC,
    .magic_size = SDDF_NET_MAGIC_LEN,
};
static const struct class_section virt_tx_config = {
    .role = &virt_tx,
    .name = ".net_virt_tx_config",
    .size = sizeof(net_virt_tx_config_t),
    .magic = SDDF_NET_MAGIC,
    .magic_size = SDDF_NET_MAGIC_LEN,
};
/* sDDF's own virtualisers do not have the next two: they always maintain the
 * caches. */
static const struct class_section virt_rx_dma = {
    .role = &virt_rx,
    .name = ".net_dma_config",
    .size = sizeof(net_dma_config_t),
    .optional = true,
    .magic = SDDF_NET_MAGIC,
    .magic_size = SDDF_NET_MAGIC_LEN,
};
static const struct class_section virt_tx_dma = {
    .role = &virt_tx,
    .name = ".net_dma_config",
    .size = sizeof(net_dma_config_t),
    .optional = true,
    .magic = SDDF_NET_MAGIC,
    .magic_size = SDDF_NET_MAGIC_LEN,
};
static const struct class_section copy_config = {
    .role = &copier,
    .name = ".net_copy_config",
    .size = sizeof(net_copy_config_t),
    .magic = SDDF_NET_MAGIC,
    .magic_size = SDDF_NET_MAGIC_LEN,
};
static const struct class_section client_config = {
    .role = &client,
    .name = ".net_client_config",
    .size = sizeof(net_client_config_t),
    .magic = SDDF_NET_MAGIC,
    .magic_size = SDDF_NET_MAGIC_LEN,
};
/* Clients with sDDF's form of the lwIP library have this: it has no pool of its
 * own. */
static const struct class_section lwip_config = {
    .role = &client,
    .name = ".lib_sddf_lwip_config",
    .size = sizeof(lib_sddf_lwip_config_t),
    .optional = true,
    .magic = SDDF_LIB_SDDF_LWIP_MAGIC,
    .magic_size = SDDF_LIB_SDDF_LWIP_MAGIC_LEN,
};
static const struct class_section *const sections[] = { &virt_rx_config,
    &virt_tx_config, &driver_config, &virt_rx_dma, &virt_tx_dma, &copy_config,
    &client_config, &lwip_config, NULL };

static const struct class_list rx_clients = {
    .section = &virt_rx_config,
    .offset = offsetof(net_virt_rx_config_t, clients),
    .stride = sizeof(net_virt_rx_client_config_t),
    .capacity = SDDF_NET_MAX_CLIENTS,
    .count_offset = offsetof(net_virt_rx_config_t, num_clients),
};
static const struct class_list tx_clients = {
    .section = &virt_tx_config,
    .offset = offsetof(net_virt_tx_config_t, clients),
    .stride = sizeof(net_virt_tx_client_config_t),
    .capacity = SDDF_NET_MAX_CLIENTS,
    .count_offset = offsetof(net_virt_tx_config_t, num_clients),
};
static const struct class_list *const lists[] = { &rx_clients, &tx_clients,
    NULL };

static const struct class_store stores[] = {
    { .place = { .section = &virt_rx_dma,
          CLASS_FIELD(net_dma_config_t, coherent) },
        .source = CLASS_COHERENT },
    { .place = { .section = &virt_tx_dma,
          CLASS_FIELD(net_dma_config_t, coherent) },
        .source = CLASS_COHERENT },
    { .place = { .list = &rx_clients,
          CLASS_FIELD(net_virt_rx_client_config_t, mac_addrs[0]) },
        .value = { .attribute = &mac } },
    { .place = { .list = &rx_clients,
          CLASS_FIELD(net_virt_rx_client_config_t, num_macs) },
        .value = { .constant = 1 } },
    { .place = { .list = &tx_clients,
          CLASS_FIELD(net_virt_tx_client_config_t, regions[0].num_buffers) },
        .value = { .factor = 1, .attribute = &buffers } },
    { .place = { .list = &tx_clients,
          CLASS_FIELD(net_virt_tx_client_config_t, num_regions) },
        .value = { .constant = 1 } },
    { .place = { .section = &client_config,
          CLASS_FIELD(net_client_config_t, mac_addr) },
        .value = { .attribute = &mac } },
    { .place = { .section = &lwip_config,
          CLASS_FIELD(lib_sddf_lwip_config_t, num_pbufs) },
        .value = { .factor = NET_PBUFS_PER_BUFFER, .attribute = &buffers } },
    { .place = { .section = NULL } },
};

/* --- Links: two queues and a channel --- */

/* Words about checksums follow the slots (hints.h). */
#define QUEUE_FIXED (sizeof(net_queue_t) + sizeof(struct net_hints))

static const struct class_connection queues = {
    .size = sizeof(net_connection_resource_t),
    .id_offset = offsetof(net_connection_resource_t, id),
    .region = {
        { .suffix = "_free",
            .size = { QUEUE_FIXED, sizeof(union net_slot), &buffers, false },
            .perms = { CLASS_RW, CLASS_RW },
            .offset = offsetof(net_connection_resource_t, free_queue) },
        { .suffix = "_active",
            .size = { QUEUE_FIXED, sizeof(union net_slot), &buffers, false },
            .perms = { CLASS_RW, CLASS_RW },
            .offset = offsetof(net_connection_resource_t, active_queue) },
    },
    .capacity = { .factor = 1, .attribute = &buffers },
    .capacity_offset = offsetof(net_connection_resource_t, num_buffers),
    .capacity_size = sizeof(uint16_t),
};

static const struct class_link driver_rx = {
    .name = "driver_rx",
    .connection = &queues,
    .end = {
        { &driver, { .section = &driver_config,
                       CLASS_FIELD(net_driver_config_t, virt_rx) } },
        { &virt_rx, { .section = &virt_rx_config,
                        CLASS_FIELD(net_virt_rx_config_t, driver) } },
    },
};
static const struct class_link driver_tx = {
    .name = "driver_tx",
    .connection = &queues,
    .end = {
        { &driver, { .section = &driver_config,
                       CLASS_FIELD(net_driver_config_t, virt_tx) } },
        { &virt_tx, { .section = &virt_tx_config,
                        CLASS_FIELD(net_virt_tx_config_t, driver) } },
    },
};
static const struct class_link copier_rx = {
    .name = "copy_%s_rx",
    .connection = &queues,
    .end = {
        { &virt_rx, { .list = &rx_clients,
                        CLASS_FIELD(net_virt_rx_client_config_t, conn) } },
        { &copier, { .section = &copy_config,
                       CLASS_FIELD(net_copy_config_t, rx) } },
    },
};
static const struct class_link client_rx = {
    .name = "%s_rx",
    .connection = &queues,
    .end = {
        { &copier, { .section = &copy_config,
                       CLASS_FIELD(net_copy_config_t, client) } },
        { &client, { .section = &client_config,
                       CLASS_FIELD(net_client_config_t, rx) } },
    },
};
static const struct class_link client_tx = {
    .name = "%s_tx",
    .connection = &queues,
    .end = {
        { &virt_tx, { .list = &tx_clients,
                        CLASS_FIELD(net_virt_tx_client_config_t, conn) } },
        { &client, { .section = &client_config,
                       CLASS_FIELD(net_client_config_t, tx) } },
    },
};

/* --- Memory of packets --- */

static const struct class_region rx_dma = {
    .name = "rx_dma",
    .size = { .factor = NET_BUFFER_SIZE, .attribute = &buffers },
    .dma = CLASS_DEVICE_WRITES,
};
/* one byte per buffer */
static const struct class_region rx_metadata = {
    .name = "rx_metadata",
    .size = { .factor = 1, .attribute = &buffers },
};
static const struct class_region rx_data = {
    .name = "%s_rx_data",
    .per_client = true,
    .size = { .factor = NET_BUFFER_SIZE, .attribute = &buffers },
};
static const struct class_region tx_data = {
    .name = "%s_tx_data",
    .per_client = true,
    .size = { .factor = NET_BUFFER_SIZE, .attribute = &buffers },
    .dma = CLASS_DEVICE_READS,
};
static const struct class_region lwip_pool = {
    .name = "%s_lwip_pool",
    .per_client = true,
    .size = { .factor = NET_PBUFS_PER_BUFFER * NET_PBUF_SIZE,
        .attribute = &buffers },
    .only_for = &lwip_config,
};

static const struct class_map rx_dma_virt = {
    .region = &rx_dma,
    .role = &virt_rx,
    .perms = CLASS_R,
    .place = { .section = &virt_rx_config,
        CLASS_FIELD(net_virt_rx_config_t, data) },
    .device_address = true,
};
static const struct class_map rx_metadata_virt = {
    .region = &rx_metadata,
    .role = &virt_rx,
    .perms = CLASS_RW,
    .place = { .section = &virt_rx_config,
        CLASS_FIELD(net_virt_rx_config_t, buffer_metadata) },
};
static const struct class_map rx_dma_copier = {
    .region = &rx_dma,
    .role = &copier,
    .perms = CLASS_R,
    .place = { .section = &copy_config,
        CLASS_FIELD(net_copy_config_t, rx_data[0]) },
};
static const struct class_map rx_data_copier = {
    .region = &rx_data,
    .role = &copier,
    .perms = CLASS_RW,
    .place = { .section = &copy_config,
        CLASS_FIELD(net_copy_config_t, client_data) },
};
static const struct class_map rx_data_client = {
    .region = &rx_data,
    .role = &client,
    .perms = CLASS_RW,
    .place = { .section = &client_config,
        CLASS_FIELD(net_client_config_t, rx_data) },
};
static const struct class_map tx_data_client = {
    .region = &tx_data,
    .role = &client,
    .perms = CLASS_RW,
    .place = { .section = &client_config,
        CLASS_FIELD(net_client_config_t, tx_data) },
};
static const struct class_map tx_data_virt = {
    .region = &tx_data,
    .role = &virt_tx,
    .perms = CLASS_R,
    .place = { .list = &tx_clients,
        CLASS_FIELD(net_virt_tx_client_config_t, regions[0].data) },
    .device_address = true,
};
static const struct class_map lwip_pool_client = {
    .region = &lwip_pool,
    .role = &client,
    .perms = CLASS_RW,
    .place = { .section = &lwip_config,
        CLASS_FIELD(lib_sddf_lwip_config_t, pbuf_pool) },
};

static const struct class_step steps[] = {
    { .link = &driver_rx },
    { .link = &driver_tx },
    { .region = &rx_dma },
    { .region = &rx_metadata },
    { .map = &rx_dma_virt },
    { .map = &rx_metadata_virt },
    /* per client, receive */
    { .region = &rx_data },
    { .link = &copier_rx },
    { .link = &client_rx },
    { .map = &rx_dma_copier },
    { .map = &rx_data_copier },
    { .map = &rx_data_client },
    /* per client, transmit */
    { .region = &tx_data },
    { .link = &client_tx },
    { .map = &tx_data_client },
    { .map = &tx_data_virt },
    { .region = &lwip_pool },
    { .map = &lwip_pool_client },
    { .region = NULL },
};

static const struct class_limit limits[] = {
    { "transmit buffers", { .factor = 1, .attribute = &buffers },
        TX_BUFFERS_MAX },
    { .what = NULL },
};

const struct class class_network = {
    .name = "net",
    .drivers = "network",
    .clients_max = SDDF_NET_MAX_CLIENTS,
    .attributes = attributes,
    .roles = roles,
    .sections = sections,
    .lists = lists,
    .steps = steps,
    .stores = stores,
    .limits = limits,
};
