/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqchip.h - what the tool knows of an interrupt controller: one row each.
 *
 * Shape     constant rows; board.xml names one by its kind and says where it is.
 * Owner     read-only.
 * Errors    irqchip_find(): NULL for an unknown kind; decode: false for cells
 *           that are no interrupt of a device's.
 * Source    the device tree binding of each controller, named in irqchip.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/table.h"

#define IRQCHIP_RANGES_MAX 2u /* as many as struct abi_table has room for */
#define IRQCHIP_CELLS_MAX  3u

/* An interrupt as the controller and the system table number it. */
struct irqchip_line {
    uint32_t number;
    bool edge;
};

struct irqchip {
    const char *kind;
    enum abi_irqchip abi;  /* how the system table names it */
    uint32_t range_count;  /* of registers that the kernel's driver uses */
    uint32_t lines_max;    /* interrupt numbers are below this */
    uint32_t first_device; /* numbers below it are between processors */
    uint32_t cells;        /* per interrupt in the device tree */
    bool (*decode)(const uint64_t *cell, struct irqchip_line *out);
};

/** The row of a kind, or NULL. */
const struct irqchip *irqchip_find(const char *kind);
