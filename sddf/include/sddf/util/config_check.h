/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_check.h - what a program does when its configuration is unusable.
 *
 * Shape     init() states, before anything else, what it needs of each of its
 *           configuration sections, in one call of config_require() for each
 *           rule.  The first rule that does not hold ends the program:
 *
 *             config_require(net_config_check_magic(&config),
 *                 "net_driver_config", "magic");
 *             config_require(config.num_clients <= SDDF_NET_MAX_CLIENTS,
 *                 "net_virt_rx_config", "num_clients");
 *
 *           prints, in every build,
 *
 *             net_virt_rx: bad_config section=net_virt_rx_config rule=magic
 *
 *           where the rule is "magic" when the tool wrote nothing into the
 *           section, and otherwise the field that has an impossible value.
 *           Then the program stops itself with a fault: its parent is told,
 *           the monitor where it has none, and whoever calls it gets an error.
 *           It never runs half configured.
 * Trust     for what the tool wrote, which is part of the image; never for
 *           anything that a peer, packet, device or guest controls.
 * Errors    config_refuse() does not return.  Nothing is printed in release
 *           builds by a program that has no serial connection, because the
 *           kernel has no console there; the fault is reported all the same.
 */
#pragma once

#include <stdbool.h>

#include "base/attr.h"

/** Prints the line above and stops this program. */
NORETURN COLD void config_refuse(const char *section, const char *rule);

/** Stops this program unless `good`.  `section` has no leading dot. */
static inline void config_require(
    bool good, const char *section, const char *rule)
{
    if (!good) {
        config_refuse(section, rule);
    }
}
