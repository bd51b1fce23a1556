/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - configurations of the made-up class "made_up" (class.c).
 *
 * Shape     what tests/tool/class_test.py reads back by struct formats.
 * Units     bytes.
 */
#pragma once

#include <sddf/resources/common.h>
#include <sddf/resources/device.h>

#define MADE_UP_MAGIC_LEN 5
#define MADE_UP_CLIENTS   4

static const char MADE_UP_MAGIC[MADE_UP_MAGIC_LEN] = { 's', 'D', 'D', 'F',
    0x7f };

/* Two queues, their capacity, a channel. */
struct made_up_connection {
    region_resource_t request;
    region_resource_t response;
    uint32_t capacity;
    uint8_t id;
};

/* .made_up_driver_config */
struct made_up_driver_config {
    char magic[MADE_UP_MAGIC_LEN];
    uint8_t coherent;
    struct made_up_connection server;
};

struct made_up_server_client {
    struct made_up_connection conn;
    device_region_resource_t box; /* told, not mapped */
    region_resource_t helper_box; /* as the helper maps it */
    uint16_t share;
    char tag[4];
    char name[6]; /* of the PD, cut */
    uint8_t mac[6];
};

/* .made_up_server_config */
struct made_up_server_config {
    char magic[MADE_UP_MAGIC_LEN];
    char label[8];
    bool log;
    uint8_t level;
    uint64_t shares;               /* of all clients */
    device_region_resource_t pool; /* for all shares, a power of two pages */
    struct made_up_connection driver;
    struct made_up_server_client client[MADE_UP_CLIENTS];
    uint8_t client_count;
};

/* .made_up_logger_config: only clients that log */
struct made_up_logger_config {
    uint8_t client_count;
    uint8_t id[MADE_UP_CLIENTS];
};

/* .made_up_helper_config */
struct made_up_helper_config {
    char magic[MADE_UP_MAGIC_LEN];
    region_resource_t box;
};

/* .made_up_client_config */
struct made_up_client_config {
    char magic[MADE_UP_MAGIC_LEN];
    struct made_up_connection server;
    region_resource_t box;
    uint8_t helper; /* a channel to call it */
};

/* .made_up_extra, of programs that have it */
struct made_up_extra {
    region_resource_t memory;
};
