/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subsystem.h - making a driver, its virtualisers and their wiring out of one
 * <subsystem> element and the tables of its class; private to subsystem*.c.
 *
 * Shape     struct subsystem is the element being expanded.  What is made once
 *           and what is made for each client have one form, a part: arrays
 *           by the index that the class's tables give (class_table.h).
 * Units     bytes.
 * Owner     sdf_expand_subsystems().
 * Trust     the element is untrusted, as the rest of the description; the
 *           tables passed class_check().
 * Errors    with the element's position, status 1.
 * Source    class.h; docs/design/classes.md.
 */
#pragma once

#include "sdk/tool/class_table.h"
#include "sdk/tool/driver.h"
#include "sdk/tool/sdf_build.h"

#include <sddf/resources/common.h>
#include <sddf/resources/device.h>

/* The value of an attribute. */
struct subsystem_value {
    uint64_t number; /* a CLASS_BOOL is 0 or 1 */
    const char *text;
    uint8_t mac[CLASS_MAC_SIZE];
};

/* What is made once, or for one client.  The arrays have an item for each of
 * the class's, also for those that the other kind of part has. */
struct subsystem_part {
    const struct xml_node *node; /* <subsystem> or <client> */
    const char *client;          /* the name of the client's PD; NULL: single */
    struct subsystem_value *value; /* of attributes */
    uint32_t *pd;                  /* of roles; SDF_NONE: not there */
    uint8_t **section;             /* NULL: not filled */
    uint32_t *entry;               /* in lists; SDF_NONE: not in it */
    uint32_t *region;              /* of steps; SDF_NONE: not made */
};

struct subsystem {
    struct sdf_build *build;
    const struct xml_node *node;
    const struct class *class;
    uint32_t parent;     /* PD that supervises it, or SDF_NONE */
    const char *drivers; /* directory of the class's drivers */
    const char *prefix;  /* of generated names */
    struct subsystem_part single;
    struct subsystem_part *client;
    uint32_t client_count;
    uint32_t driver; /* PD */
    bool coherent;   /* the device sees the caches */
};

/* --- subsystem_attribute.c ------------------------------------------------ */

/** Reads the attributes of a part's element; others are errors, except those
 *  in `common`, which ends with NULL. */
void subsystem_read_attributes(struct subsystem *subsystem,
    struct subsystem_part *part, const char *const *common);

/** What the attribute is for this part: a client's own, or the subsystem's. */
const struct subsystem_value *subsystem_attribute(
    const struct subsystem *subsystem, const struct subsystem_part *part,
    const struct class_attribute *attribute);

/** Computes a value.  Too large for 64 bits: UINT64_MAX. */
uint64_t subsystem_value(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_value *value);

/** Is a condition true?  NULL always is. */
bool subsystem_is(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_attribute *when);

/* --- subsystem_role.c ------------------------------------------------------ */

/** Ends the program if the element is none of the class's, or there twice. */
void subsystem_check_element(
    const struct subsystem *subsystem, const struct xml_node *element);

/** Makes the PDs of a part. */
void subsystem_make_roles(
    struct subsystem *subsystem, struct subsystem_part *part);

/** Makes the PD of a role; returns its index. */
uint32_t subsystem_add_pd(struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_role *role,
    const char *program);

/** The PD of a role: the part's own, or the single one; or SDF_NONE. */
uint32_t subsystem_pd(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_role *role);

/** The pattern with the name of the part's client for %s. */
const char *subsystem_name(const struct subsystem *subsystem,
    const struct subsystem_part *part, const char *pattern);

/* --- subsystem_driver.c ----------------------------------------------------- */

/** Finds the device's driver, makes its PD, gives it registers, DMA memory,
 *  interrupts and .device_resources. */
void subsystem_add_driver(
    struct subsystem *subsystem, const struct class_role *role);

/* --- subsystem_section.c ---------------------------------------------------- */

/** Makes the configurations of a part. */
void subsystem_make_sections(
    struct subsystem *subsystem, struct subsystem_part *part);

/** Stores in them what the class says, except what steps store. */
void subsystem_fill_sections(
    struct subsystem *subsystem, const struct subsystem_part *part);

/** Where a place is for this part, or NULL: nowhere. */
uint8_t *subsystem_place(const struct subsystem *subsystem,
    const struct subsystem_part *part, const struct class_place *place);

/** Stores the low bytes of a number. */
void subsystem_store(uint8_t *place, uint32_t size, uint64_t number);

/** Puts a configuration into a PD's section. */
void subsystem_add_section(struct subsystem *subsystem, uint32_t pd,
    const char *name, void *data, size_t size);

/** The 8 bytes at `word` of that section will be the region's physical
 *  address; the section must have been added before. */
void subsystem_add_fixup(struct subsystem *subsystem, uint32_t pd,
    const char *section, const void *word, uint32_t region);

/* --- subsystem_step.c -------------------------------------------------------- */

/** Does the steps that are the part's. */
void subsystem_do_steps(
    struct subsystem *subsystem, struct subsystem_part *part);

/** Makes a region PREFIX_NAME. */
uint32_t subsystem_add_region(
    struct subsystem *subsystem, uint64_t size, const char *name);

/* --- subsystem_program.c ----------------------------------------------------- */

/** Does the program have a section of this name?  A program that is not there
 *  yet has none; what is wrong with a file is said when it is loaded. */
bool subsystem_program_has_section(
    struct sdf_build *build, const char *program, const char *name);

/** Does the program say that it needs no floating-point registers? */
bool subsystem_program_has_no_fpu(struct sdf_build *build, const char *program);

/* --- subsystem_stats.c ------------------------------------------------------- */

/** Gives pages to those that count, and shows them to <stats pd>. */
void subsystem_add_stats(struct sdf_build *build);
