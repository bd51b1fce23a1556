/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xml.h - an XML document as a small tree with positions.
 *
 * Shape     elements with attributes, children in document order, and the
 *           element's own text without leading and trailing white space.
 *           Comments and processing instructions are dropped; document type
 *           declarations are refused (no entities, nothing to expand).
 * Units     lines and columns count from 1; a column is a byte.
 * Owner     the tree lives in the arena.
 * Trust     the document is untrusted: size, depth, elements are limited.
 * Errors    malformed input ends the program (diag.h).
 * Source    XML 1.0, by expat.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "sdk/tool/arena.h"
#include "sdk/tool/diag.h"

#define XML_SIZE_MAX  (4u << 20)
#define XML_DEPTH_MAX 64u

struct xml_attribute {
    const char *name;
    const char *value;
};

struct xml_node {
    const char *name;
    struct xml_attribute *attribute;
    uint32_t attribute_count;
    const char *text; /* never NULL */
    struct xml_node *parent;
    struct xml_node *child; /* first */
    struct xml_node *last;  /* child */
    struct xml_node *next;  /* sibling */
    struct sdf_pos pos;
};

/** Loads a file and checks the root element's name. */
struct xml_node *xml_load(
    struct arena *arena, const char *file, const char *root);

/** Ends the program if an element below `node` has text. */
void xml_no_text(const struct xml_node *node);

/** Ends the program if `node` has children. */
void xml_no_children(const struct xml_node *node);

/** True if the element is called `name`. */
bool xml_is(const struct xml_node *node, const char *name);

/** The attribute's value, or NULL. */
const char *xml_attr(const struct xml_node *node, const char *name);

/** The attribute's value; its absence is an error. */
const char *xml_attr_required(const struct xml_node *node, const char *name);

/** Ends the program if there is an attribute that is not in the list, which
 *  ends with NULL. */
void xml_attr_only(const struct xml_node *node, const char *const *names);

/** Reports "TEXT on element 'NAME': POSITION" and ends the program. */
NORETURN void xml_error(const struct xml_node *node, const char *format, ...)
    PRINTF_LIKE(2, 3);

/** Reports an element nobody knows. */
NORETURN void xml_unknown(const struct xml_node *node);
