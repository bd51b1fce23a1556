/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - what the tool tells the parts of a serial line about each other.
 *
 * Shape     one structure per part, in the section named beside it; layouts
 *           as in sDDF 0.7, asserted.  The host tool includes this file too.
 * Units     bytes; a data region's size is its queue's capacity and a power
 *           of two; baud per second, 0: leave what firmware set.
 * Owner     written by the tool into the ELF; constant at run time.
 * Trust     as trusted as the image itself.
 * Errors    serial_config_check_magic() is false when nothing was written.
 * Source    names and layouts of sDDF 0.7.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/resources/common.h>

#define SDDF_SERIAL_MAX_CLIENTS       64
#define SDDF_SERIAL_BEGIN_STR_MAX_LEN 128
#define SDDF_SERIAL_MAGIC_LEN         5

static const char SDDF_SERIAL_MAGIC[SDDF_SERIAL_MAGIC_LEN] = { 's', 'D', 'D',
    'F', 0x3 };

/* A queue shared with one neighbour, and the channel to it. */
typedef struct serial_connection_resource {
    region_resource_t queue;
    region_resource_t data;
    uint8_t id;
} serial_connection_resource_t;

/* .serial_driver_config */
typedef struct serial_driver_config {
    char magic[SDDF_SERIAL_MAGIC_LEN];
    serial_connection_resource_t rx;
    serial_connection_resource_t tx;
    uint64_t default_baud;
    bool rx_enabled;
} serial_driver_config_t;

/* .serial_virt_rx_config */
typedef struct serial_virt_rx_config {
    char magic[SDDF_SERIAL_MAGIC_LEN];
    serial_connection_resource_t driver;
    serial_connection_resource_t clients[SDDF_SERIAL_MAX_CLIENTS];
    uint8_t num_clients;
    char switch_char;
    char terminate_num_char;
} serial_virt_rx_config_t;

typedef struct serial_virt_tx_client_config {
    serial_connection_resource_t conn;
    char name[SDDF_NAME_LENGTH];
} serial_virt_tx_client_config_t;

/* .serial_virt_tx_config */
typedef struct serial_virt_tx_config {
    char magic[SDDF_SERIAL_MAGIC_LEN];
    serial_connection_resource_t driver;
    serial_virt_tx_client_config_t clients[SDDF_SERIAL_MAX_CLIENTS];
    uint8_t num_clients;
    char begin_str[SDDF_SERIAL_BEGIN_STR_MAX_LEN];
    bool enable_colour;
    bool enable_rx;
} serial_virt_tx_config_t;

/* .serial_client_config; rx.queue.vaddr is NULL for a client without input */
typedef struct serial_client_config {
    char magic[SDDF_SERIAL_MAGIC_LEN];
    serial_connection_resource_t rx;
    serial_connection_resource_t tx;
} serial_client_config_t;

static_assert(sizeof(serial_connection_resource_t) == 40, "sDDF connection");
static_assert(sizeof(serial_driver_config_t) == 104, "sDDF serial_driver");
static_assert(sizeof(serial_virt_rx_config_t) == 2616, "sDDF serial_virt_rx");
static_assert(sizeof(serial_virt_tx_client_config_t) == 104, "sDDF tx client");
static_assert(sizeof(serial_virt_tx_config_t) == 6840, "sDDF serial_virt_tx");
static_assert(sizeof(serial_client_config_t) == 88, "sDDF serial_client");

static inline bool serial_config_check_magic(const void *config)
{
    const char *magic = config;

    for (int i = 0; i < SDDF_SERIAL_MAGIC_LEN; i++) {
        if (magic[i] != SDDF_SERIAL_MAGIC[i]) {
            return false;
        }
    }
    return true;
}
