/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * number.h - numbers, flags and choices in attributes.
 *
 * Shape     decimal, or hexadecimal after 0x; '_' may separate digits.
 * Units     the attribute's own.
 * Owner     none.
 * Trust     attribute values are untrusted.
 * Errors    a bad value ends the program with the element's position.
 * Source    Microkit manual, "System description file".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sdk/tool/xml.h"

/** Parses a whole string.  Returns NULL, or why it is no number. */
MUST_USE const char *number_parse(const char *text, uint64_t *out);

/** The attribute as a number; `otherwise` if it is absent. */
uint64_t number_attr(
    const struct xml_node *node, const char *name, uint64_t otherwise);

/** The attribute as a number; its absence is an error. */
uint64_t number_attr_required(const struct xml_node *node, const char *name);

/** A required identifier below `limit`. */
uint32_t number_attr_id(
    const struct xml_node *node, const char *name, uint32_t limit);

/** "true" or "false"; `otherwise` if absent. */
bool number_attr_bool(
    const struct xml_node *node, const char *name, bool otherwise);
