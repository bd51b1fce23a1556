/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Class "serial":
 *
 *   client --queue,data--> virt_tx --queue,data--> driver
 *   client <--queue,data-- virt_rx <--queue,data-- driver
 *
 * Both ends write a queue's page; only the producer writes its data.  The
 * driver feeds the device; it has no direct access to memory.
 */
#include <sddf/serial/config.h>
#include <sddf/serial/queue.h>

#include "sdk/tool/class.h"

#define DATA_SIZE   0x10000u /* of a queue: its capacity */
#define BAUD        115200u
#define SWITCH_CHAR 28u /* Ctrl-\ */

/* --- Attributes --- */

static const struct class_attribute rx = {
    .name = "rx",
    .kind = CLASS_BOOL,
    .otherwise = true,
};
static const struct class_attribute colour = {
    .name = "colour",
    .kind = CLASS_BOOL,
    .otherwise = true,
};
static const struct class_attribute switch_char = {
    .name = "switch_char",
    .kind = CLASS_NUMBER,
    .otherwise = SWITCH_CHAR,
    .min = 1,
    .max = 127,
    .needs = &rx,
};
static const struct class_attribute begin = {
    .name = "begin",
    .kind = CLASS_TEXT,
    .otherwise_text = "Begin input\r\n",
    .max = SDDF_SERIAL_BEGIN_STR_MAX_LEN,
    .needs = &rx,
};
static const struct class_attribute baud = {
    .name = "baud",
    .kind = CLASS_NUMBER,
    .otherwise = BAUD,
    .max = UINT64_MAX,
};
static const struct class_attribute client_rx = {
    .name = "rx",
    .kind = CLASS_BOOL,
    .client = true,
    .needs = &rx,
};
static const struct class_attribute *const attributes[] = { &rx, &colour,
    &switch_char, &begin, &baud, &client_rx, NULL };

/* --- Protection domains --- */

static const struct class_role driver = {
    .kind = CLASS_DRIVER,
    .element = "driver",
    .suffix = "driver",
    .priority = 100,
};
static const struct class_role virt_tx = {
    .kind = CLASS_SINGLE,
    .element = "virt_tx",
    .suffix = "virt_tx",
    .program = "serial_virt_tx.elf",
    .priority = 99,
};
static const struct class_role virt_rx = {
    .kind = CLASS_SINGLE,
    .element = "virt_rx",
    .suffix = "virt_rx",
    .program = "serial_virt_rx.elf",
    .priority = 99,
    .when = &rx,
};
static const struct class_role client = { .kind = CLASS_CLIENT };
static const struct class_role *const roles[] = { &driver, &virt_tx, &virt_rx,
    &client, NULL };

/* --- Configurations --- */

static const struct class_section driver_config = {
    .role = &driver,
    .name = ".serial_driver_config",
    .size = sizeof(serial_driver_config_t),
    .magic = SDDF_SERIAL_MAGIC,
    .magic_size = SDDF_SERIAL_MAGIC_LEN,
};
static const struct class_section virt_tx_config = {
    .role = &virt_tx,
    .name = ".serial_virt_tx_config",
    .size = sizeof(serial_virt_tx_config_t),
    .magic = SDDF_SERIAL_MAGIC,
    .magic_size = SDDF_SERIAL_MAGIC_LEN,
};
static const struct class_section virt_rx_config = {
    .role = &virt_rx,
    .name = ".serial_virt_rx_config",
    .size = sizeof(serial_virt_rx_config_t),
    .magic = SDDF_SERIAL_MAGIC,
    .magic_size = SDDF_SERIAL_MAGIC_LEN,
};
static const struct class_section client_config = {
    .role = &client,
    .name = ".serial_client_config",
    .size = sizeof(serial_client_config_t),
    .magic = SDDF_SERIAL_MAGIC,
    .magic_size = SDDF_SERIAL_MAGIC_LEN,
};
static const struct class_section *const sections[] = { &driver_config,
    &virt_tx_config, &virt_rx_config, &client_config, NULL };

static const struct class_list tx_clients = {
    .section = &virt_tx_config,
    .offset = offsetof(serial_virt_tx_config_t, clients),
    .stride = sizeof(serial_virt_tx_client_config_t),
    .capacity = SDDF_SERIAL_MAX_CLIENTS,
    .count_offset = offsetof(serial_virt_tx_config_t, num_clients),
};
static const struct class_list rx_clients = {
    .section = &virt_rx_config,
    .offset = offsetof(serial_virt_rx_config_t, clients),
    .stride = sizeof(serial_connection_resource_t),
    .capacity = SDDF_SERIAL_MAX_CLIENTS,
    .count_offset = offsetof(serial_virt_rx_config_t, num_clients),
    .when = &client_rx,
};
static const struct class_list *const lists[] = { &tx_clients, &rx_clients,
    NULL };

static const struct class_store stores[] = {
    { .place = { .section = &driver_config,
          CLASS_FIELD(serial_driver_config_t, default_baud) },
        .value = { .factor = 1, .attribute = &baud } },
    { .place = { .section = &driver_config,
          CLASS_FIELD(serial_driver_config_t, rx_enabled) },
        .value = { .factor = 1, .attribute = &rx } },
    { .place = { .section = &virt_tx_config,
          CLASS_FIELD(serial_virt_tx_config_t, begin_str) },
        .value = { .attribute = &begin } },
    { .place = { .section = &virt_tx_config,
          CLASS_FIELD(serial_virt_tx_config_t, enable_colour) },
        .value = { .factor = 1, .attribute = &colour } },
    { .place = { .section = &virt_tx_config,
          CLASS_FIELD(serial_virt_tx_config_t, enable_rx) },
        .value = { .factor = 1, .attribute = &rx } },
    { .place = { .section = &virt_rx_config,
          CLASS_FIELD(serial_virt_rx_config_t, switch_char) },
        .value = { .factor = 1, .attribute = &switch_char } },
    { .place = { .section = &virt_rx_config,
          CLASS_FIELD(serial_virt_rx_config_t, terminate_num_char) },
        .value = { .constant = '\r' } },
    { .place = { .list = &tx_clients,
          CLASS_FIELD(serial_virt_tx_client_config_t, name) },
        .source = CLASS_CLIENT_NAME },
    { .place = { .section = NULL } },
};

/* --- Links, from producer to consumer --- */

static const struct class_connection queue = {
    .size = sizeof(serial_connection_resource_t),
    .id_offset = offsetof(serial_connection_resource_t, id),
    .region = {
        { .suffix = "_queue",
            .size = { .constant = sizeof(serial_queue_t) },
            .perms = { CLASS_RW, CLASS_RW },
            .offset = offsetof(serial_connection_resource_t, queue) },
        { .suffix = "_data",
            .size = { .constant = DATA_SIZE },
            .perms = { CLASS_RW, CLASS_R },
            .offset = offsetof(serial_connection_resource_t, data) },
    },
};
/* colours add bytes to what clients write */
static const struct class_connection coloured_queue = {
    .size = sizeof(serial_connection_resource_t),
    .id_offset = offsetof(serial_connection_resource_t, id),
    .region = {
        { .suffix = "_queue",
            .size = { .constant = sizeof(serial_queue_t) },
            .perms = { CLASS_RW, CLASS_RW },
            .offset = offsetof(serial_connection_resource_t, queue) },
        { .suffix = "_data",
            .size = { .constant = DATA_SIZE, .factor = DATA_SIZE,
                .attribute = &colour },
            .perms = { CLASS_RW, CLASS_R },
            .offset = offsetof(serial_connection_resource_t, data) },
    },
};

static const struct class_link driver_tx = {
    .name = "driver_tx",
    .connection = &coloured_queue,
    .end = {
        { &virt_tx, { .section = &virt_tx_config,
                        CLASS_FIELD(serial_virt_tx_config_t, driver) } },
        { &driver, { .section = &driver_config,
                       CLASS_FIELD(serial_driver_config_t, tx) } },
    },
};
static const struct class_link driver_rx = {
    .name = "driver_rx",
    .connection = &queue,
    .end = {
        { &driver, { .section = &driver_config,
                       CLASS_FIELD(serial_driver_config_t, rx) } },
        { &virt_rx, { .section = &virt_rx_config,
                        CLASS_FIELD(serial_virt_rx_config_t, driver) } },
    },
};
static const struct class_link to_client = {
    .name = "%s_rx",
    .connection = &queue,
    .end = {
        { &virt_rx, { .list = &rx_clients,
                        .size = sizeof(serial_connection_resource_t) } },
        { &client, { .section = &client_config,
                       CLASS_FIELD(serial_client_config_t, rx) } },
    },
};
static const struct class_link from_client = {
    .name = "%s_tx",
    .connection = &queue,
    .end = {
        { &client, { .section = &client_config,
                       CLASS_FIELD(serial_client_config_t, tx) } },
        { &virt_tx, { .list = &tx_clients,
                        CLASS_FIELD(serial_virt_tx_client_config_t, conn) } },
    },
};

static const struct class_step steps[] = {
    { .link = &driver_tx },
    { .link = &driver_rx, .when = &rx },
    { .link = &from_client },
    { .link = &to_client, .when = &client_rx },
    { .link = NULL },
};

const struct class class_serial = {
    .name = "serial",
    .drivers = "serial",
    .clients_max = SDDF_SERIAL_MAX_CLIENTS,
    .attributes = attributes,
    .roles = roles,
    .sections = sections,
    .lists = lists,
    .steps = steps,
    .stores = stores,
};
