/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * class_table.h - reading the tables of a device class.
 *
 * Shape     what a table points to has an index: its place in the class's
 *           list.  What is made from the tables is kept in arrays by index.
 * Owner     tables are constant.
 * Trust     these functions also read tables that class_check() has not seen.
 * Errors    CLASS_NOT_LISTED: the class does not list it.
 */
#pragma once

#include "sdk/tool/class.h"

#define CLASS_NOT_LISTED 0xffffffffu
#define CLASS_MAC_SIZE   6u

/** How many the class lists. */
uint32_t class_attribute_count(const struct class *class);
uint32_t class_role_count(const struct class *class);
uint32_t class_section_count(const struct class *class);
uint32_t class_list_count(const struct class *class);
uint32_t class_step_count(const struct class *class);

/** The place in the class's list, or CLASS_NOT_LISTED. */
uint32_t class_attribute_index(
    const struct class *class, const struct class_attribute *attribute);
uint32_t class_role_index(
    const struct class *class, const struct class_role *role);
uint32_t class_section_index(
    const struct class *class, const struct class_section *section);
uint32_t class_list_index(
    const struct class *class, const struct class_list *list);

/** The index of the step that makes the region. */
uint32_t class_region_step(
    const struct class *class, const struct class_region *region);

/** Is there a PD of this role for each client? */
bool class_role_is_per_client(const struct class_role *role);

/** The section that a place is in, directly or by a list; NULL: none. */
const struct class_section *class_place_section(
    const struct class_place *place);

/** Is this the empty step behind the last one? */
bool class_step_is_end(const struct class_step *step);

/** Is the step done for each client? */
bool class_step_is_per_client(const struct class_step *step);

/** How many regions a connection has. */
uint32_t class_link_region_count(const struct class_connection *connection);
