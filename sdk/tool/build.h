/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * build.h - everything the back half of the tool knows about one image.
 *
 * Shape     one struct build, filled stage by stage in the order of the files
 *           below; a stage reads what earlier ones wrote.
 *             load.c          ELF files into memory
 *             patch.c         symbols and sections into the programs
 *             vlayout.c       virtual addresses of each protection domain
 *             layout.c        what needs a physical address
 *             place.c         where it goes
 *             page_tables.c   page tables
 *             system_table.c  the system table
 *             image.c         the file the loader starts from
 *             report.c, report_json.c
 * Units     bytes; pd index 0 is the monitor, as in abi/table.h.
 * Owner     build.c.
 * Trust     the description passed the rules of the front half; programs are
 *           untrusted files.
 * Errors    messages by diag.h, status 1; no output file is left behind.
 * Source    docs/design/interfaces.md.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/image.h"
#include "abi/table.h"
#include "sdk/tool/arena.h"
#include "sdk/tool/board.h"
#include "sdk/tool/options.h"
#include "sdk/tool/program.h"
#include "sdk/tool/sdf.h"
#include "sdk/tool/vspace.h"

/* Something contiguous that gets a physical address. */
struct place {
    const char *what;  /* "stack", "page tables", ... */
    const char *owner; /* a name, or "" */
    uint64_t size;     /* a multiple of the page size */
    uint64_t align;
    bool content;        /* in the image; otherwise zeroed by the loader */
    bool fixed;          /* pa was given by the description */
    uint64_t pa;         /* 0 until placed */
    const uint8_t *data; /* content: `size` bytes, known last */
};

#define PLACE_NONE 0xffffffffu

/* Part of a memory region with one leaf size, contiguous in memory. */
struct extent {
    uint64_t offset; /* in the region */
    uint64_t size;
    uint64_t leaf;  /* VSPACE_PAGE or VSPACE_LARGE */
    uint32_t place; /* index, or PLACE_NONE: a device at region->phys */
};

#define EXTENTS_MAX 3u

struct build_region {
    bool needed;      /* some map, setvar or fixup names it */
    bool paddr_known; /* a program learns its address: keep it contiguous */
    struct extent extent[EXTENTS_MAX];
    uint32_t extent_count;
};

/* Fresh writable memory at every start: see interfaces.md, pride_reinit. */
struct build_reinit {
    struct program_segment *segment; /* NULL: not asked for */
    uint64_t copy_va;
    uint64_t copy_size; /* whole pages */
    uint64_t size;      /* bytes to copy */
    uint32_t place;
};

struct build_pd {
    const struct sdf_pd *sdf;
    struct program program;
    uint64_t buffer_va; /* message page */
    uint64_t stack_top;
    uint64_t stack_bottom;
    struct build_reinit reinit;
    uint32_t stack_place;
    uint32_t content_place[ELF_SEGMENTS_MAX];
    uint32_t zero_place[ELF_SEGMENTS_MAX];
    uint32_t tables_place;
    struct vspace space;
};

/* Where the parts of the kernel's zeroed data are, inside one place. */
struct build_state {
    uint64_t release_offset;
    uint64_t faults_offset;
    uint64_t size;
};

struct build {
    struct arena *arena;
    const struct options *options;
    const struct board *board;
    struct sdf_system *system;
    struct files_path path; /* of programs */
    const char *elf_dir;    /* the SDK's own programs */

    struct sdf_pd monitor;
    struct build_pd *pd; /* [0] is the monitor */
    uint32_t pd_count;
    struct build_region *region; /* as system->region */

    struct program kernel;
    struct program loader;
    uint64_t kernel_end; /* first free address behind loader and kernel */

    struct place *place;
    uint32_t place_count;
    struct build_state state;
    uint32_t table_place;
    uint32_t kernel_tables_place;
    uint32_t state_place;
    uint32_t buffers_place;
    struct vspace kernel_space;

    uint8_t *table; /* the system table */
    uint64_t table_size;
    uint8_t *image;
    uint64_t image_size;
    struct abi_loader_info info;
};

/** Makes the image and the reports; returns only on success. */
void build_image(struct arena *arena, const struct options *options,
    const struct board *board, struct sdf_system *system);

/* --- stages, in order ---------------------------------------------------- */

void load_programs(struct build *build);
/** Writes every symbol and section; run again when addresses are known. */
void patch_programs(struct build *build);
/** Places stack, message page and reinit copy; checks overlaps. */
void vlayout_build(struct build *build);
/** Gives everything its physical address. */
void layout_build(struct build *build);
/** Ends the program if a region with phys_addr cannot be where it should. */
void place_check_fixed(const struct build *build);
/** Finds an address for everything that was added. */
void place_build(struct build *build);
/** Adds something to place; returns its index. */
uint32_t layout_add(struct build *build, const struct place *place);
uint64_t layout_pa(const struct build *build, uint32_t place);
/** Builds a PD's page tables; `base` 0 while addresses are unknown. */
void page_tables_build_pd(
    struct build *build, struct build_pd *pd, uint64_t base);
void page_tables_build_kernel(struct build *build, uint64_t base);
/** The size of the system table is known before its content. */
uint64_t system_table_bytes(const struct build *build);
/** Bytes of all fault words, which the kernel writes. */
uint64_t system_table_fault_bytes(const struct build *build);
void system_table_build(struct build *build);
void image_build(struct build *build);
/** The image as file content of the chosen type. */
void image_write(const struct build *build, const char *path);
