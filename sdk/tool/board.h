/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * board.h - what the tool knows of a board: memory, interrupts, devices.
 *
 * Shape     board.xml as checked data, and the device tree blob beside it.
 * Units     bytes; ranges are half open.
 * Owner     board_load(); read-only afterwards.
 * Trust     part of the SDK, but checked like any other file.
 * Errors    with file:line:column, status 1.
 * Source    boards/<board>/board.xml.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/table.h"
#include "sdk/tool/arch.h"
#include "sdk/tool/arena.h"
#include "sdk/tool/files.h"
#include "sdk/tool/irqchip.h"

struct board_range {
    uint64_t base;
    uint64_t size;
    const char *use; /* for messages and reports; never NULL */
    bool spare;      /* reserved only while there is other memory */
};

struct board_alias {
    const char *name;
    const char *path; /* in the device tree */
};

struct board {
    const char *name;
    const struct arch *arch;
    const struct arch_model *model;
    uint32_t core_count;
    uint32_t pa_bits;

    struct board_range *memory;
    uint32_t memory_count;
    struct board_range *reserved;
    uint32_t reserved_count;
    uint64_t image_base;
    uint64_t image_limit;

    const struct irqchip *irqchip;
    /* registers of the controller, which only the kernel maps */
    struct board_range irqchip_range[IRQCHIP_RANGES_MAX];
    uint32_t irqchip_range_count;
    uint32_t irq_lines; /* interrupt numbers are below this */
    enum abi_console console;
    struct board_range console_range; /* the kernel's debug UART */

    uint32_t *user_timer_irq;
    uint32_t user_timer_irq_count;
    struct board_alias *alias;
    uint32_t alias_count;
    struct files_content device_tree; /* data NULL: there is none */
};

#define BOARD_PAGE       VSPACE_PAGE
#define BOARD_LARGE_PAGE VSPACE_LARGE

/** Loads `directory`/board.xml and, if it exists, `directory`/board.dtb. */
struct board *board_load(struct arena *arena, const char *directory);

/** The top page of user space, where a PD's message page is. */
uint64_t board_buffer_vaddr(const struct board *board);

/** The lowest address of a PD's stack: an unmapped page lies between it and
 *  the message page, another below it. */
uint64_t board_stack_bottom(const struct board *board, uint64_t stack_size);

/** True if all of the range is memory (not a device). */
bool board_is_memory(const struct board *board, uint64_t base, uint64_t size);

/** Resolves an alias; a path (with '/' first) is returned as it is; NULL for
 *  an unknown alias. */
const char *board_device_path(const struct board *board, const char *device);
