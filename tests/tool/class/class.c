/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A class that exists for tests only, and uses everything that class.h has:
 *
 *   client --requests--> server --requests--> driver      logger <-- client
 *     |  \---call---> helper       \--[pool, DMA both ways]
 *     \--[box, which the device reads]
 *
 * and, linked into the same tool, a class without a device.
 */
#include "sdk/tool/class.h"
#include "tests/tool/class/config.h"

/* --- Attributes --- */

static const struct class_attribute depth = {
    .name = "depth",
    .kind = CLASS_POWER_OF_TWO,
    .otherwise = 8,
    .min = 2,
    .max = 64,
};
static const struct class_attribute label = {
    .name = "label",
    .kind = CLASS_TEXT,
    .otherwise_text = "none",
    .max = 8,
};
static const struct class_attribute with_log = { .name = "log",
    .kind = CLASS_BOOL };
static const struct class_attribute level = {
    .name = "level",
    .kind = CLASS_NUMBER,
    .otherwise = 3,
    .min = 1,
    .max = 9,
    .needs = &with_log,
};
static const struct class_attribute share = {
    .name = "share",
    .kind = CLASS_NUMBER,
    .client = true,
    .required = true,
    .min = 1,
    .max = 100,
};
static const struct class_attribute tag = {
    .name = "tag",
    .kind = CLASS_TEXT,
    .client = true,
    .required = true,
    .unique = true,
    .max = 4,
};
static const struct class_attribute client_log = {
    .name = "log",
    .kind = CLASS_BOOL,
    .client = true,
    .needs = &with_log,
};
static const struct class_attribute detail = {
    .name = "detail",
    .kind = CLASS_NUMBER,
    .client = true,
    .otherwise = 0,
    .max = 5,
    .needs = &with_log,
};
static const struct class_attribute mac = {
    .name = "mac",
    .kind = CLASS_MAC,
    .client = true,
    .required = true,
    .unique = true,
};
static const struct class_attribute *const attributes[] = { &depth, &label,
    &with_log, &level, &share, &tag, &client_log, &detail, &mac, NULL };

/* --- Protection domains --- */

static const struct class_role driver = {
    .kind = CLASS_DRIVER,
    .element = "driver",
    .suffix = "driver",
    .priority = 90,
};
static const struct class_role server = {
    .kind = CLASS_SINGLE,
    .element = "server",
    .suffix = "server",
    .program = "made_up_server.elf",
    .priority = 80,
    .borrowed = true,
};
static const struct class_role logger = {
    .kind = CLASS_SINGLE,
    .element = "logger",
    .suffix = "logger",
    .program = "made_up_logger.elf",
    .priority = 10,
    .when = &with_log,
};
static const struct class_role helper = {
    .kind = CLASS_PER_CLIENT,
    .element = "helper",
    .suffix = "help_%s",
    .program = "made_up_helper.elf",
    .priority = 95,
    .passive = true,
};
static const struct class_role client = { .kind = CLASS_CLIENT };
static const struct class_role *const roles[] = { &driver, &server, &logger,
    &helper, &client, NULL };

/* --- Configurations --- */

static const struct class_section driver_config = {
    .role = &driver,
    .name = ".made_up_driver_config",
    .size = sizeof(struct made_up_driver_config),
    .magic = MADE_UP_MAGIC,
    .magic_size = MADE_UP_MAGIC_LEN,
};
static const struct class_section server_config = {
    .role = &server,
    .name = ".made_up_server_config",
    .size = sizeof(struct made_up_server_config),
    .magic = MADE_UP_MAGIC,
    .magic_size = MADE_UP_MAGIC_LEN,
};
static const struct class_section logger_config = {
    .role = &logger,
    .name = ".made_up_logger_config",
    .size = sizeof(struct made_up_logger_config),
};
static const struct class_section helper_config = {
    .role = &helper,
    .name = ".made_up_helper_config",
    .size = sizeof(struct made_up_helper_config),
    .magic = MADE_UP_MAGIC,
    .magic_size = MADE_UP_MAGIC_LEN,
};
static const struct class_section client_config = {
    .role = &client,
    .name = ".made_up_client_config",
    .size = sizeof(struct made_up_client_config),
    .magic = MADE_UP_MAGIC,
    .magic_size = MADE_UP_MAGIC_LEN,
};
static const struct class_section extra = {
    .role = &client,
    .name = ".made_up_extra",
    .size = sizeof(struct made_up_extra),
    .optional = true,
};
static const struct class_section *const sections[] = { &driver_config,
    &server_config, &logger_config, &helper_config, &client_config, &extra,
    NULL };

static const struct class_list server_clients = {
    .section = &server_config,
    .offset = offsetof(struct made_up_server_config, client),
    .stride = sizeof(struct made_up_server_client),
    .capacity = MADE_UP_CLIENTS,
    .count_offset = offsetof(struct made_up_server_config, client_count),
};
static const struct class_list logger_clients = {
    .section = &logger_config,
    .offset = offsetof(struct made_up_logger_config, id),
    .stride = sizeof(uint8_t),
    .capacity = MADE_UP_CLIENTS,
    .count_offset = offsetof(struct made_up_logger_config, client_count),
    .when = &client_log,
};
static const struct class_list *const lists[] = { &server_clients,
    &logger_clients, NULL };

static const struct class_store stores[] = {
    { .place = { .section = &driver_config,
          CLASS_FIELD(struct made_up_driver_config, coherent) },
        .source = CLASS_COHERENT },
    { .place = { .section = &server_config,
          CLASS_FIELD(struct made_up_server_config, label) },
        .value = { .attribute = &label } },
    { .place = { .section = &server_config,
          CLASS_FIELD(struct made_up_server_config, log) },
        .value = { .factor = 1, .attribute = &with_log } },
    { .place = { .section = &server_config,
          CLASS_FIELD(struct made_up_server_config, level) },
        .value = { .constant = 100, .factor = 2, .attribute = &level } },
    { .place = { .section = &server_config,
          CLASS_FIELD(struct made_up_server_config, shares) },
        .value = { .factor = 1, .attribute = &share } },
    { .place = { .list = &server_clients,
          CLASS_FIELD(struct made_up_server_client, share) },
        .value = { .factor = 1, .attribute = &share } },
    { .place = { .list = &server_clients,
          CLASS_FIELD(struct made_up_server_client, tag) },
        .value = { .attribute = &tag } },
    { .place = { .list = &server_clients,
          CLASS_FIELD(struct made_up_server_client, name) },
        .source = CLASS_CLIENT_NAME },
    { .place = { .list = &server_clients,
          CLASS_FIELD(struct made_up_server_client, mac) },
        .value = { .attribute = &mac } },
    { .place = { .section = NULL } },
};

/* --- Links --- */

static const struct class_connection queues = {
    .size = sizeof(struct made_up_connection),
    .id_offset = offsetof(struct made_up_connection, id),
    .region = {
        { .suffix = "_request",
            .size = { .factor = 1024, .attribute = &depth },
            .perms = { CLASS_RW, CLASS_R },
            .offset = offsetof(struct made_up_connection, request) },
        { .suffix = "_response",
            .size = { .constant = 1 },
            .perms = { CLASS_R, CLASS_RW },
            .offset = offsetof(struct made_up_connection, response) },
    },
    .capacity = { .factor = 1, .attribute = &depth },
    .capacity_offset = offsetof(struct made_up_connection, capacity),
    .capacity_size = sizeof(uint32_t),
};
static const struct class_connection call = { .size = 1, .call = true };
static const struct class_connection notify = { .size = 1 };

static const struct class_link server_driver = {
    .name = "driver",
    .connection = &queues,
    .end = {
        { &server, { .section = &server_config,
                       CLASS_FIELD(struct made_up_server_config, driver) } },
        { &driver, { .section = &driver_config,
                       CLASS_FIELD(struct made_up_driver_config, server) } },
    },
};
static const struct class_link client_server = {
    .name = "from_%s_on",
    .connection = &queues,
    .end = {
        { &client, { .section = &client_config,
                       CLASS_FIELD(struct made_up_client_config, server) } },
        { &server, { .list = &server_clients,
                       CLASS_FIELD(struct made_up_server_client, conn) } },
    },
};
static const struct class_link client_helper = {
    .connection = &call,
    .end = {
        { &client, { .section = &client_config,
                       CLASS_FIELD(struct made_up_client_config, helper) } },
        { .role = &helper },
    },
};
static const struct class_link client_logger = {
    .connection = &notify,
    .end = {
        { .role = &client },
        { &logger, { .list = &logger_clients, .size = 1 } },
    },
};

/* --- Memory --- */

static const struct class_region pool = {
    .name = "pool",
    .size = { .factor = 4096, .attribute = &share, .power_of_two = true },
    .dma = CLASS_DEVICE_READS | CLASS_DEVICE_WRITES,
};
static const struct class_region box = {
    .name = "%s_box",
    .per_client = true,
    .size = { .factor = 4096, .attribute = &share },
    .dma = CLASS_DEVICE_READS,
};
static const struct class_region extra_memory = {
    .name = "%s_extra",
    .per_client = true,
    .size = { .constant = 4096 },
    .only_for = &extra,
};
static const struct class_map pool_server = {
    .region = &pool,
    .role = &server,
    .perms = CLASS_RW,
    .place = { .section = &server_config,
        CLASS_FIELD(struct made_up_server_config, pool) },
    .device_address = true,
};
static const struct class_map box_server = {
    .region = &box,
    .role = &server,
    .perms = CLASS_UNMAPPED,
    .place = { .list = &server_clients,
        CLASS_FIELD(struct made_up_server_client, box) },
    .device_address = true,
};
static const struct class_map box_client = {
    .region = &box,
    .role = &client,
    .perms = CLASS_RW,
    .place = { .section = &client_config,
        CLASS_FIELD(struct made_up_client_config, box) },
};
static const struct class_map box_helper = {
    .region = &box,
    .role = &helper,
    .perms = CLASS_R,
    .place = { .section = &helper_config,
        CLASS_FIELD(struct made_up_helper_config, box) },
};
static const struct class_map box_helper_server = {
    .region = &box,
    .role = &helper,
    .perms = CLASS_R,
    .place = { .list = &server_clients,
        CLASS_FIELD(struct made_up_server_client, helper_box) },
    .elsewhere = true,
};
static const struct class_map extra_client = {
    .region = &extra_memory,
    .role = &client,
    .perms = CLASS_RW,
    .place = { .section = &extra, CLASS_FIELD(struct made_up_extra, memory) },
};

static const struct class_step steps[] = {
    { .region = &pool },
    { .map = &pool_server },
    { .link = &server_driver },
    { .region = &box },
    { .link = &client_server },
    { .link = &client_helper },
    { .link = &client_logger, .when = &client_log },
    { .map = &box_client },
    { .map = &box_helper },
    { .map = &box_server },
    { .map = &box_helper_server },
    { .region = &extra_memory },
    { .map = &extra_client },
    { .region = NULL },
};

static const struct class_limit limits[] = {
    { "shares", { .factor = 1, .attribute = &share }, 128 },
    { .what = NULL },
};

static const struct class made_up = {
    .name = "made_up",
    .drivers = "made_up",
    .clients_max = MADE_UP_CLIENTS,
    .attributes = attributes,
    .roles = roles,
    .sections = sections,
    .lists = lists,
    .steps = steps,
    .stores = stores,
    .limits = limits,
};

/* --- A class without a device, attributes and configurations --- */

static const struct class_role bare_server = {
    .kind = CLASS_SINGLE,
    .element = "server",
    .suffix = "server",
    .program = "made_up_server.elf",
    .priority = 80,
};
static const struct class_role *const bare_roles[] = { &bare_server, &client,
    NULL };
static const struct class_section *const bare_sections[] = { NULL };
static const struct class_link bare_link = {
    .connection = &call,
    .end = { { .role = &client }, { .role = &bare_server } },
};
static const struct class_step bare_steps[] = {
    { .link = &bare_link },
    { .link = NULL },
};

static const struct class bare = {
    .name = "bare",
    .drivers = "bare",
    .clients_max = 1,
    .roles = bare_roles,
    .sections = bare_sections,
    .steps = bare_steps,
};

const struct class *const class_all[] = { &bare, &made_up, NULL };
