/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * driver.h - what a driver needs: its driver.xml.
 *
 * Shape     program, the device names it is for, regions and interrupts in
 *           the order of the driver's .device_resources.
 * Units     bytes; an index counts in the device's `reg` or `interrupts`.
 * Owner     in the arena, read-only.
 * Trust     part of the SDK or the user's own; checked like any input.
 * Errors    with file:line:column, status 1.
 * Source    docs/design/interfaces.md, "Subsystems".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sdk/tool/arena.h"
#include "sdk/tool/dt.h"
#include "sdk/tool/xml.h"

struct driver_region {
    const char *name;
    bool dma;       /* memory the device reaches, not its registers */
    uint32_t index; /* of the registers */
    uint64_t size;
    uint32_t perms; /* enum sdf_perms */
    bool cached;
};

struct driver_irq {
    uint32_t index;
    bool has_trigger; /* else as the device tree says */
    bool edge;
};

struct driver {
    const char *name;
    const char *program;
    const char **compatible;
    uint32_t compatible_count;
    struct driver_region *region;
    uint32_t region_count;
    struct driver_irq *irq;
    uint32_t irq_count;
    const struct xml_node *node;
};

/** Loads `directory`/NAME/driver.xml, which must be of class `class_name`;
 *  NULL if there is no such file. */
struct driver *driver_load(struct arena *arena, const char *directory,
    const char *class_name, const char *name);

/** Finds the driver for a device: the device's compatible strings are tried
 *  in their order, drivers in the order of their names.  NULL: none. */
struct driver *driver_match(struct arena *arena, const char *directory,
    const char *class_name, const struct dt *dt, int device);
