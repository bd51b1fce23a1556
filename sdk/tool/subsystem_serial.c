/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Class "serial":
 *
 *   client --queue,data--> virt_tx --queue,data--> driver
 *   client <--queue,data-- virt_rx <--queue,data-- driver
 *
 * Both ends write a queue's page; only the producer writes its data.
 */
#include <string.h>

#include <sddf/serial/config.h>

#include "sdk/tool/number.h"
#include "sdk/tool/subsystem.h"

#define SERIAL_DRIVER_PRIORITY 100u
#define SERIAL_VIRT_PRIORITY   99u
#define SERIAL_QUEUE_SIZE      0x1000u
#define SERIAL_DATA_SIZE       0x10000u
#define SERIAL_BAUD            115200u
#define SERIAL_SWITCH_CHAR     28u /* Ctrl-\ */

/* The subsystem's PDs and their configurations. */
struct serial {
    struct subsystem *subsystem;
    bool has_rx;
    bool colour;
    uint32_t virt_tx;
    uint32_t virt_rx;
    serial_driver_config_t *driver_config;
    serial_virt_tx_config_t *virt_tx_config;
    serial_virt_rx_config_t *virt_rx_config;
};

/* A queue from one PD to another. */
struct serial_link {
    const char *name;
    uint32_t producer;
    uint32_t consumer;
    uint64_t data_size;
};

static void serial_link(struct subsystem *subsystem,
    const struct serial_link *link, serial_connection_resource_t *producer,
    serial_connection_resource_t *consumer)
{
    uint32_t queue = subsystem_add_region(
        subsystem, SERIAL_QUEUE_SIZE, "%s_queue", link->name);
    uint32_t data =
        subsystem_add_region(subsystem, link->data_size, "%s_data", link->name);
    uint8_t id[2];

    subsystem_connect(subsystem, link->producer, link->consumer, id);
    producer->queue =
        subsystem_map(subsystem, link->producer, queue, SDF_READ | SDF_WRITE);
    producer->data =
        subsystem_map(subsystem, link->producer, data, SDF_READ | SDF_WRITE);
    producer->id = id[0];
    consumer->queue =
        subsystem_map(subsystem, link->consumer, queue, SDF_READ | SDF_WRITE);
    consumer->data = subsystem_map(subsystem, link->consumer, data, SDF_READ);
    consumer->id = id[1];
}

static void serial_options(struct serial *serial)
{
    const struct xml_node *node = serial->subsystem->node;
    const char *begin = xml_attr(node, "begin");
    serial_virt_tx_config_t *tx = serial->virt_tx_config;
    serial_virt_rx_config_t *rx = serial->virt_rx_config;
    uint64_t switch_char = number_attr(node, "switch_char", SERIAL_SWITCH_CHAR);

    begin = begin == NULL ? "Begin input\r\n" : begin;
    if (strlen(begin) >= sizeof tx->begin_str) {
        xml_error(node, "begin must be shorter than %zu characters",
            sizeof tx->begin_str);
    }
    if (switch_char == 0 || switch_char > 127) {
        xml_error(node, "switch_char must be between 1 and 127");
    }
    if (!serial->has_rx && (xml_attr(node, "switch_char") != NULL ||
                               xml_attr(node, "begin") != NULL)) {
        xml_error(node, "switch_char and begin need rx");
    }
    memcpy(tx->begin_str, begin, strlen(begin));
    tx->enable_colour = serial->colour;
    tx->enable_rx = serial->has_rx;
    rx->switch_char = (char)switch_char;
    rx->terminate_num_char = '\r';
    serial->driver_config->rx_enabled = serial->has_rx;
    serial->driver_config->default_baud =
        number_attr(node, "baud", SERIAL_BAUD);
}

static void serial_virtualisers(struct serial *serial)
{
    static const struct subsystem_role tx_role = { "virt_tx", "virt_tx",
        "serial_virt_tx.elf", SERIAL_VIRT_PRIORITY, false };
    static const struct subsystem_role rx_role = { "virt_rx", "virt_rx",
        "serial_virt_rx.elf", SERIAL_VIRT_PRIORITY, false };
    struct subsystem *subsystem = serial->subsystem;

    serial->virt_tx = subsystem_add_pd(subsystem, &tx_role);

    /* colours add bytes to what clients write */
    struct serial_link tx = {
        .name = "driver_tx",
        .producer = serial->virt_tx,
        .consumer = subsystem->driver,
        .data_size = serial->colour ? 2 * SERIAL_DATA_SIZE : SERIAL_DATA_SIZE,
    };

    serial_link(subsystem, &tx, &serial->virt_tx_config->driver,
        &serial->driver_config->tx);
    if (!serial->has_rx) {
        const struct xml_node *element =
            subsystem_element(subsystem, "virt_rx");

        if (element != NULL) {
            xml_error(element, "the subsystem has no rx");
        }
        return;
    }
    serial->virt_rx = subsystem_add_pd(subsystem, &rx_role);

    struct serial_link rx = {
        .name = "driver_rx",
        .producer = subsystem->driver,
        .consumer = serial->virt_rx,
        .data_size = SERIAL_DATA_SIZE,
    };

    serial_link(subsystem, &rx, &serial->driver_config->rx,
        &serial->virt_rx_config->driver);
}

static void serial_client(
    struct serial *serial, const struct subsystem_client *client)
{
    static const char *const names[] = { "pd", "rx", NULL };
    struct subsystem *subsystem = serial->subsystem;
    struct arena *arena = subsystem->build->arena;
    serial_client_config_t *config = arena_alloc(arena, sizeof *config);
    serial_virt_tx_config_t *tx = serial->virt_tx_config;
    serial_virt_rx_config_t *rx = serial->virt_rx_config;

    xml_attr_only(client->node, names);
    if (tx->num_clients == SDDF_SERIAL_MAX_CLIENTS) {
        xml_error(client->node, "too many clients");
    }
    memcpy(config->magic, SDDF_SERIAL_MAGIC, SDDF_SERIAL_MAGIC_LEN);

    struct serial_link tx_link = {
        .name = arena_printf(arena, "%s_tx", client->name),
        .producer = client->pd,
        .consumer = serial->virt_tx,
        .data_size = SERIAL_DATA_SIZE,
    };
    serial_virt_tx_client_config_t *entry = &tx->clients[tx->num_clients++];
    size_t len = strlen(client->name);

    serial_link(subsystem, &tx_link, &config->tx, &entry->conn);
    len = len < sizeof entry->name ? len : sizeof entry->name - 1;
    memcpy(entry->name, client->name, len);
    if (number_attr_bool(client->node, "rx", serial->has_rx)) {
        struct serial_link rx_link = {
            .name = arena_printf(arena, "%s_rx", client->name),
            .producer = serial->virt_rx,
            .consumer = client->pd,
            .data_size = SERIAL_DATA_SIZE,
        };

        if (!serial->has_rx) {
            xml_error(client->node, "the subsystem has no rx");
        }
        serial_link(
            subsystem, &rx_link, &rx->clients[rx->num_clients++], &config->rx);
    }
    subsystem_add_section(
        subsystem, client->pd, ".serial_client_config", config, sizeof *config);
}

void subsystem_serial(struct subsystem *subsystem)
{
    struct arena *arena = subsystem->build->arena;
    struct serial serial = {
        .subsystem = subsystem,
        .has_rx = number_attr_bool(subsystem->node, "rx", true),
        .colour = number_attr_bool(subsystem->node, "colour", true),
        .driver_config = arena_alloc(arena, sizeof *serial.driver_config),
        .virt_tx_config = arena_alloc(arena, sizeof *serial.virt_tx_config),
        .virt_rx_config = arena_alloc(arena, sizeof *serial.virt_rx_config),
    };

    memcpy(
        serial.driver_config->magic, SDDF_SERIAL_MAGIC, SDDF_SERIAL_MAGIC_LEN);
    memcpy(
        serial.virt_tx_config->magic, SDDF_SERIAL_MAGIC, SDDF_SERIAL_MAGIC_LEN);
    memcpy(
        serial.virt_rx_config->magic, SDDF_SERIAL_MAGIC, SDDF_SERIAL_MAGIC_LEN);
    serial_options(&serial);
    subsystem_add_driver(subsystem, SERIAL_DRIVER_PRIORITY, false);
    serial_virtualisers(&serial);
    for (uint32_t i = 0; i < subsystem->client_count; i++) {
        serial_client(&serial, &subsystem->client[i]);
    }
    subsystem_add_section(subsystem, subsystem->driver, ".serial_driver_config",
        serial.driver_config, sizeof *serial.driver_config);
    subsystem_add_section(subsystem, serial.virt_tx, ".serial_virt_tx_config",
        serial.virt_tx_config, sizeof *serial.virt_tx_config);
    if (serial.has_rx) {
        subsystem_add_section(subsystem, serial.virt_rx,
            ".serial_virt_rx_config", serial.virt_rx_config,
            sizeof *serial.virt_rx_config);
    }
}
