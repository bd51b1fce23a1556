/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdf.h - the system description as checked data: what the front half of the
 * tool (XML, rules, subsystems) hands to the back half (layout, tables, image).
 *
 * Shape     plain arrays with counts, all in one arena, NUL-terminated strings.
 * Units     bytes; microseconds.
 * Owner     sdf_parse() builds it; later stages only add what they computed
 *           (fields marked [computed]).
 * Trust     after sdf_parse() returned, every rule that the description alone
 *           can break holds.
 * Errors    reported once, as file:line:column, by diag.h; then exit status 1.
 * Source    docs/manual.md, "System description".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sdk/tool/arena.h"
#include "sdk/tool/board.h"
#include "sdk/tool/diag.h"
#include "sdk/tool/files.h"

#define SDF_NONE 0xffffffffu /* no index */

enum sdf_perms {
    SDF_READ = 1,
    SDF_WRITE = 2,
    SDF_EXECUTE = 4,
};

struct sdf_region {
    const char *name;
    uint64_t size;      /* multiple of page_size */
    uint64_t page_size; /* 0x1000 or 0x200000; 0 until chosen */
    bool page_size_given;
    bool has_phys;
    uint64_t phys;            /* given, or [computed] by layout */
    const char *prefill_path; /* as written, or NULL */
    const uint8_t *prefill;   /* file content, or NULL */
    uint64_t prefill_size;
    bool device; /* [computed] outside every memory range of the board */
    bool used;   /* some map or setvar names it */
    struct sdf_pos pos;
};

struct sdf_map {
    uint32_t region; /* index */
    uint64_t vaddr;
    uint32_t perms; /* enum sdf_perms */
    bool cached;
    struct sdf_pos pos;
};

enum sdf_setvar_kind {
    SDF_SETVAR_VADDR,        /* value is final when parsed */
    SDF_SETVAR_SIZE,         /* value is final when parsed */
    SDF_SETVAR_PREFILL_SIZE, /* value is final when parsed */
    SDF_SETVAR_ID,           /* value is final when parsed */
    SDF_SETVAR_PADDR,        /* physical address of `region`, after layout */
};

/* An 8-byte symbol of the PD's program to overwrite. */
struct sdf_setvar {
    const char *symbol;
    enum sdf_setvar_kind kind;
    uint64_t value;
    uint32_t region; /* for SDF_SETVAR_PADDR */
    struct sdf_pos pos;
};

/* Bytes to put into a named section of the PD's program (subsystems). Words
 * listed in `fixups` are region physical addresses, known after layout. */
struct sdf_fixup {
    uint32_t offset; /* of an 8-byte little-endian word inside data */
    uint32_t region; /* its physical address is added to the word */
};

struct sdf_section {
    const char *name; /* ".serial_driver_config" */
    uint8_t *data;
    uint32_t size;
    struct sdf_fixup *fixup;
    uint32_t fixup_count;
    struct sdf_pos pos;
};

struct sdf_irq {
    uint32_t number;
    uint32_t id;
    bool edge;
    struct sdf_pos pos;
};

struct sdf_pd {
    const char *name;
    const char *program;         /* path as written */
    const char *program_symbols; /* path_for_symbols, or NULL */
    uint32_t priority;
    uint64_t budget_us;
    uint64_t period_us;
    uint64_t stack_size;
    uint32_t cpu;
    bool passive;
    bool smc;
    bool fpu;
    bool reinit;     /* extension: writable memory is fresh at every start */
    bool user_timer; /* [computed] owns an interrupt that board.xml names */
    uint32_t parent; /* index of the parent PD, or SDF_NONE */
    uint32_t child_id;
    struct sdf_map *map;
    uint32_t map_count;
    struct sdf_irq *irq;
    uint32_t irq_count;
    struct sdf_setvar *setvar;
    uint32_t setvar_count;
    struct sdf_section *section;
    uint32_t section_count;
    struct sdf_pos pos;
};

struct sdf_end {
    uint32_t pd;
    uint32_t id;
    bool notify;
    bool pp;
    struct sdf_pos pos;
};

struct sdf_channel {
    struct sdf_end end[2];
    struct sdf_pos pos;
};

struct sdf_system {
    struct sdf_pd *pd;
    uint32_t pd_count;
    struct sdf_region *region;
    uint32_t region_count;
    struct sdf_channel *channel;
    uint32_t channel_count;
    bool pride_limits;
};

/* What the front half needs to know besides the description's file name. */
struct sdf_options {
    const char *file; /* the description */
    const struct board *board;
    struct files_path search; /* for programs and prefill files */
    const char *drivers;      /* directory of CLASS/NAME/driver.xml */
};

/** Reads and checks a description; ends the program on the first error. */
struct sdf_system *sdf_parse(
    struct arena *arena, const struct sdf_options *options);

/** True if the PD of `own` may notify that of `other` without a system call:
 *  nobody can tell, because the other has a lower priority and runs on the same
 *  core, so it cannot run before the first one enters the kernel. */
bool sdf_notifies_quietly(const struct sdf_system *system,
    const struct sdf_end *own, const struct sdf_end *other);
