/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdf_build.h - how a description grows while it is read; private to the
 * sdf*.c and subsystem*.c files.
 *
 * Shape     struct sdf_build is the only state; PDs, regions and channels are
 *           named by index, because their arrays move while they grow.
 * Units     bytes.
 * Owner     sdf_parse().
 * Trust     arguments were checked by the caller, unless it says otherwise.
 * Errors    with position, status 1.
 */
#pragma once

#include "sdk/tool/sdf.h"
#include "sdk/tool/xml.h"

/* A <subsystem> met on the way; handled when all PDs are known. */
struct sdf_pending {
    const struct xml_node *node;
    uint32_t parent; /* PD it is written in, or SDF_NONE */
};

struct sdf_build {
    struct arena *arena;
    const struct sdf_options *options;
    struct sdf_system *system;
    uint32_t id_limit;
    uint32_t pd_limit;
    struct sdf_pending *pending;
    uint32_t pending_count;
    uint32_t *stats_pd; /* PDs that read everybody's counters */
    uint32_t stats_pd_count;
    struct sdf_program *program; /* files looked at, by subsystem_program.c */
};

/* sdf_build.c */

/** Index of the PD with this name, or SDF_NONE. */
uint32_t sdf_find_pd(const struct sdf_build *build, const char *name);

/** Index of the region with this name, or SDF_NONE. */
uint32_t sdf_find_region(const struct sdf_build *build, const char *name);

/** Appends a PD with every default; returns its index. */
uint32_t sdf_add_pd(
    struct sdf_build *build, const char *name, const struct sdf_pos *pos);

/** Appends a region; returns its index. */
uint32_t sdf_add_region(struct sdf_build *build, const char *name,
    uint64_t size, const struct sdf_pos *pos);

void sdf_add_map(
    struct sdf_build *build, uint32_t pd, const struct sdf_map *map);
void sdf_add_irq(
    struct sdf_build *build, uint32_t pd, const struct sdf_irq *irq);
void sdf_add_channel(
    struct sdf_build *build, const struct sdf_channel *channel);
void sdf_add_section(
    struct sdf_build *build, uint32_t pd, const struct sdf_section *section);

/** Appends a setvar written on `node`, whose symbol must be new to the PD. */
void sdf_add_setvar(struct sdf_build *build, uint32_t pd,
    const struct xml_node *node, const struct sdf_setvar *setvar);

/** Channel and interrupt ids that a PD uses, one bit each. */
uint64_t sdf_used_ids(const struct sdf_build *build, uint32_t pd);

/** The lowest unused channel id of a PD; none left is an error at `pos`. */
uint32_t sdf_free_id(
    const struct sdf_build *build, uint32_t pd, const struct sdf_pos *pos);

/** Is child id `id` of PD `parent` in use by a PD other than `except`? */
bool sdf_child_id_used(const struct sdf_build *build, uint32_t parent,
    uint32_t id, uint32_t except);

/** Maps a region at the lowest free address from 0x20000000, an unmapped page
 *  away from its neighbours; returns the address. */
uint64_t sdf_map_anywhere(struct sdf_build *build, uint32_t pd, uint32_t region,
    uint32_t perms, bool cached);

/* sdf_region.c */
void sdf_parse_region(struct sdf_build *build, const struct xml_node *node);

/* sdf_pd.c */

/** Reads a <protection_domain> and everything in it. */
void sdf_parse_pd(
    struct sdf_build *build, const struct xml_node *node, uint32_t parent);

/** Reads the PD attributes of `node` into a PD that has its defaults, except
 *  name, id and setvar_id. */
void sdf_parse_pd_attributes(const struct sdf_build *build,
    const struct xml_node *node, struct sdf_pd *pd);

/* sdf_map.c */
void sdf_parse_setvar(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd);
void sdf_parse_map(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd);

/* sdf_irq.c */
void sdf_parse_irq(
    struct sdf_build *build, const struct xml_node *node, uint32_t pd);

/* sdf_channel.c */
void sdf_parse_channel(struct sdf_build *build, const struct xml_node *node);

/* sdf_rules.c */

/** The rules about the system as a whole, and what is computed from it. */
void sdf_check(struct sdf_build *build);

/* sdf_rules_memory.c */
void sdf_check_memory(struct sdf_build *build);

/* subsystem.c */

/** Expands every pending <subsystem>. */
void sdf_expand_subsystems(struct sdf_build *build);
