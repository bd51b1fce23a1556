/* SPDX-License-Identifier: BSD-2-Clause */
/* Class "timer": a passive driver that clients call; it notifies them when
 * their time has come. */
#include <string.h>

#include <sddf/timer/config.h>

#include "sdk/tool/subsystem.h"

#define TIMER_DRIVER_PRIORITY 102u

void subsystem_timer(struct subsystem *subsystem)
{
    static const char *const names[] = { "pd", NULL };

    subsystem_add_driver(subsystem, TIMER_DRIVER_PRIORITY, true);
    for (uint32_t i = 0; i < subsystem->client_count; i++) {
        const struct subsystem_client *client = &subsystem->client[i];
        timer_client_config_t *config =
            arena_alloc(subsystem->build->arena, sizeof *config);
        uint8_t id[2];

        xml_attr_only(client->node, names);
        subsystem_connect_call(subsystem, client->pd, subsystem->driver, id);
        memcpy(config->magic, SDDF_TIMER_MAGIC, SDDF_TIMER_MAGIC_LEN);
        config->driver_id = id[0];
        subsystem_add_section(subsystem, client->pd, ".timer_client_config",
            config, sizeof *config);
    }
}
