/* SPDX-License-Identifier: BSD-2-Clause */
/* Class "timer": a passive driver that clients call; it notifies them when
 * their time has come. */
#include <sddf/timer/config.h>

#include "sdk/tool/class.h"

static const struct class_role driver = {
    .kind = CLASS_DRIVER,
    .element = "driver",
    .suffix = "driver",
    .priority = 102,
    .passive = true,
};
static const struct class_role client = { .kind = CLASS_CLIENT };
static const struct class_role *const roles[] = { &driver, &client, NULL };

static const struct class_section client_config = {
    .role = &client,
    .name = ".timer_client_config",
    .size = sizeof(timer_client_config_t),
    .magic = SDDF_TIMER_MAGIC,
    .magic_size = SDDF_TIMER_MAGIC_LEN,
};
static const struct class_section *const sections[] = { &client_config, NULL };

/* The client knows the channel's id; the driver takes any. */
static const struct class_connection call = {
    .size = sizeof(uint8_t),
    .call = true,
};
static const struct class_link client_driver = {
    .connection = &call,
    .end = {
        { &client, { .section = &client_config,
                       CLASS_FIELD(timer_client_config_t, driver_id) } },
        { .role = &driver },
    },
};
static const struct class_step steps[] = {
    { .link = &client_driver },
    { .link = NULL },
};

const struct class class_timer = {
    .name = "timer",
    .drivers = "timer",
    .clients_max = SDDF_TIMER_MAX_CLIENTS,
    .roles = roles,
    .sections = sections,
    .steps = steps,
};
