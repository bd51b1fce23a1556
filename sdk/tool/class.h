/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * class.h - the language in which a device class describes itself.
 *
 * Shape     constant tables that point to each other.  One `struct class`,
 *           named class_DIRECTORY, in sddf/DIRECTORY/class.c or
 *           lions/DIRECTORY/class.c; the build finds it there.  A list of
 *           pointers ends with NULL, a list of structures with an empty one.
 *           A field that is left out means: none, never, 0.
 * Units     bytes; counts.
 * Owner     the class; read-only.  subsystem*.c interpret it.
 * Trust     part of the tool.  A mistake in a table is found before the table
 *           is used (class_check.h) and is a message that names it.
 * Source    docs/design/classes.md: why it is like this, and an example.
 *
 * Words.  What is made once for a subsystem is "single"; what is made for each
 * of its clients is "per client".  A configuration is what the tool puts into a
 * section of a program; all its bytes start as zero.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a field is, and how large: two members of struct class_place. */
#define CLASS_FIELD(type, field)                                               \
    .offset = offsetof(type, field), .size = sizeof(((type *)NULL)->field)

/* --- Attributes ----------------------------------------------------------- */

enum class_kind {
    CLASS_BOOL,         /* "true" or "false" */
    CLASS_NUMBER,       /* from `min` to `max` */
    CLASS_POWER_OF_TWO, /* the same, and a power of two */
    CLASS_TEXT,         /* fewer than `max` bytes */
    CLASS_MAC,          /* the address of one station; always required */
};

/* An attribute of <subsystem>, or of <client>. */
struct class_attribute {
    const char *name;
    enum class_kind kind;
    bool client;   /* of <client> */
    bool required; /* else the default is `otherwise` or `otherwise_text` */
    bool unique;   /* no two clients have the same */
    uint64_t otherwise;
    const char *otherwise_text;
    uint64_t min;
    uint64_t max;
    /* A CLASS_BOOL of <subsystem>; where it is false, this attribute must not
     * be given (a client's CLASS_BOOL: must not be true).  It is the default of
     * a client's CLASS_BOOL. */
    const struct class_attribute *needs;
};

/* constant + factor * attribute.  A CLASS_BOOL counts as 0 or 1.  For something
 * single, a client's attribute is the sum over all clients. */
struct class_value {
    uint64_t constant;
    uint64_t factor;
    const struct class_attribute *attribute;
    bool power_of_two; /* rounded up to one */
};

/* --- Protection domains ---------------------------------------------------- */

enum class_role_kind {
    CLASS_DRIVER,     /* the device's driver, chosen by the device tree */
    CLASS_SINGLE,     /* one PD of this class, such as a virtualiser */
    CLASS_PER_CLIENT, /* one for each client, such as a copier */
    CLASS_CLIENT,     /* the PD that a <client> names */
};

struct class_role {
    enum class_role_kind kind;
    const char *element; /* in <subsystem>, for PD attributes; may be absent */
    const char *suffix;  /* of the PD's name; per client with one %s */
    const char *program; /* not of a driver, which brings its own */
    uint32_t priority;
    bool passive;
    bool borrowed; /* of CLASS_SINGLE: the element may name a PD of the user's
                    * instead of having one made: <server pd="fat"/> */
    const struct class_attribute *when; /* of CLASS_SINGLE: a CLASS_BOOL of
                                         * <subsystem> */
};

/* --- Configurations -------------------------------------------------------- */

/* A configuration of a role. */
struct class_section {
    const struct class_role *role;
    const char *name; /* of the ELF section */
    uint32_t size;
    bool optional;     /* only for programs that have the section */
    const char *magic; /* its first bytes */
    uint32_t magic_size;
};

/* An array with an entry per client in the configuration of something
 * single.  With `when`, only clients for which that is true have an entry. */
struct class_list {
    const struct class_section *section;
    uint32_t offset; /* of the first entry */
    uint32_t stride;
    uint32_t capacity;                  /* entries */
    uint32_t count_offset;              /* of a byte with their number */
    const struct class_attribute *when; /* a CLASS_BOOL of <client> */
};

/* Bytes of a configuration, or of the client's entry in a list.  One of the
 * first two is set, or none: then nothing is stored. */
struct class_place {
    const struct class_section *section;
    const struct class_list *list;
    uint32_t offset; /* CLASS_FIELD() */
    uint32_t size;
};

enum class_source {
    CLASS_VALUE,       /* `value`; or the text or address of its attribute */
    CLASS_CLIENT_NAME, /* the name of the client's PD, cut to the size */
    CLASS_COHERENT,    /* does the device see what is in the caches? */
};

/* What a configuration says about attributes, the client, the device. */
struct class_store {
    struct class_place place;
    enum class_source source;
    struct class_value value;
};

/* --- Memory and channels ---------------------------------------------------- */

enum class_perms {
    CLASS_UNMAPPED = 0,
    CLASS_R = 1,
    CLASS_RW = 3,
};

/* What the device may do with memory by direct access. */
enum class_dma {
    CLASS_NO_DMA = 0,
    CLASS_DEVICE_READS = 1,  /* it fetches what software wrote */
    CLASS_DEVICE_WRITES = 2, /* it delivers */
};

/* Memory that is not part of a link. */
struct class_region {
    const char *name; /* behind the subsystem's; per client with one %s */
    bool per_client;
    struct class_value size;              /* rounded up to pages */
    uint32_t dma;                         /* enum class_dma, or-ed */
    const struct class_section *only_for; /* made only if this is filled */
};

/* One PD's view of a region.  The place gets a region_resource_t or, if the PD
 * is told the address that the device uses, a device_region_resource_t. */
struct class_map {
    const struct class_region *region;
    const struct class_role *role;
    enum class_perms perms; /* CLASS_UNMAPPED: only told */
    struct class_place place;
    bool device_address;
    bool elsewhere; /* the place is in another role's configuration, whose PD
                     * passes the address on */
};

/* A region that both ends of a link map. */
struct class_link_region {
    const char *suffix; /* behind the link's name */
    struct class_value size;
    enum class_perms perms[2]; /* of the two ends */
    uint32_t offset;           /* of the region_resource_t in the connection */
};

/* How two PDs are linked: the structure that an end finds in its
 * configuration. */
struct class_connection {
    uint32_t size;
    uint32_t id_offset; /* of a byte with the channel's id */
    bool call; /* the first end calls the second, which may notify it; else
                * both may notify */
    struct class_link_region region[4]; /* up to the first without suffix */
    struct class_value capacity;        /* of the queues in the regions */
    uint32_t capacity_offset;
    uint32_t capacity_size; /* 0: the capacity is not stored */
};

struct class_end {
    const struct class_role *role;
    struct class_place place; /* of a connection */
};

/* A channel with its regions between two PDs; per client if an end is. */
struct class_link {
    const char *name; /* as of a region; not needed without regions */
    const struct class_connection *connection;
    struct class_end end[2];
};

/* One of the first three.  Steps are done in order, first the single ones, then
 * those per client, client after client.  The order decides about addresses
 * and channel ids. */
struct class_step {
    const struct class_region *region; /* make it */
    const struct class_link *link;     /* make it and map its regions */
    const struct class_map *map; /* of a region made by an earlier step; nothing
                                  * if it was not made */
    const struct class_attribute *when; /* a CLASS_BOOL */
};

/* --- The class -------------------------------------------------------------- */

/* The sum of `each` over all clients may not be more than `max`. */
struct class_limit {
    const char *what; /* in the message */
    struct class_value each;
    uint64_t max;
};

struct class
{
    const char *name;    /* <subsystem class="NAME"> */
    const char *drivers; /* directory of its drivers in the SDK */
    uint32_t clients_max;
    const struct class_attribute *const *attributes; /* may be absent */
    const struct class_role *const *roles; /* PDs are made in this order */
    const struct class_section *const *sections; /* in this order per PD */
    const struct class_list *const *lists;       /* may be absent */
    const struct class_step *steps;
    const struct class_store *stores; /* may be absent */
    const struct class_limit *limits; /* may be absent */
};

/* Every class there is, by the name of its directory; made by the build. */
extern const struct class *const class_all[];
