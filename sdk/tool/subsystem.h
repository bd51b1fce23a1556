/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subsystem.h - making a driver, its virtualisers and their wiring out of one
 * <subsystem> element; private to the subsystem*.c files.
 *
 * Shape     struct subsystem is the element being expanded; the class's own
 *           file decides what is made, subsystem.c knows how.
 * Units     bytes.
 * Owner     sdf_expand_subsystems().
 * Trust     the element is untrusted, as the rest of the description.
 * Errors    with the element's position, status 1.
 * Source    docs/design/interfaces.md, "Subsystems"; configuration layouts in
 *           sddf/include/sddf/CLASS/config.h.
 */
#pragma once

#include "sdk/tool/driver.h"
#include "sdk/tool/sdf_build.h"

#include <sddf/resources/common.h>
#include <sddf/resources/device.h>

struct subsystem_client {
    const struct xml_node *node;
    uint32_t pd;
    const char *name; /* of the PD */
};

struct subsystem {
    struct sdf_build *build;
    const struct xml_node *node;
    uint32_t parent; /* PD that supervises it, or SDF_NONE */
    const char *class_name;
    const char *drivers; /* directory of the class's drivers */
    const char *prefix;  /* of generated names */
    struct subsystem_client *client;
    uint32_t client_count;
    uint32_t driver; /* PD */
    bool coherent;   /* the device sees the caches */
};

/* What a class makes: one PD with its defaults. */
struct subsystem_role {
    const char *element; /* in <subsystem>, for attributes; may be absent */
    const char *suffix;  /* of the PD's name */
    const char *program;
    uint32_t priority;
    bool passive;
};

/** The element of this name in the subsystem, or NULL. */
const struct xml_node *subsystem_element(
    const struct subsystem *subsystem, const char *name);

/** Makes the PD of a role; returns its index. */
uint32_t subsystem_add_pd(
    struct subsystem *subsystem, const struct subsystem_role *role);

/** Finds the device's driver, makes its PD, gives it registers, DMA memory,
 *  interrupts and .device_resources. */
void subsystem_add_driver(
    struct subsystem *subsystem, uint32_t priority, bool passive);

/** Makes a region PREFIX_NAME. */
uint32_t subsystem_add_region(struct subsystem *subsystem, uint64_t size,
    const char *format, ...) PRINTF_LIKE(3, 4);

/** Maps a region at a free address of a PD. */
region_resource_t subsystem_map(
    struct subsystem *subsystem, uint32_t pd, uint32_t region, uint32_t perms);

/** Makes a channel between two PDs; returns the ids at both ends. */
void subsystem_connect(
    struct subsystem *subsystem, uint32_t a, uint32_t b, uint8_t id[2]);

/** Makes a channel on which `a` may call `b` and `b` notify `a`. */
void subsystem_connect_call(
    struct subsystem *subsystem, uint32_t a, uint32_t b, uint8_t id[2]);

/** Puts a configuration into a PD's section. */
void subsystem_add_section(struct subsystem *subsystem, uint32_t pd,
    const char *name, void *data, size_t size);

/** The 8 bytes at `word` of that section will be the region's physical
 *  address; the section must have been added before. */
void subsystem_add_fixup(struct subsystem *subsystem, uint32_t pd,
    const char *section, const void *word, uint32_t region);

/* One function per class. */
void subsystem_serial(struct subsystem *subsystem);
void subsystem_timer(struct subsystem *subsystem);
void subsystem_net(struct subsystem *subsystem);

/** Gives pages to those that count, and shows them to <stats pd>. */
void subsystem_add_stats(struct sdf_build *build);
