/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dt.h - questions to a device tree blob about one device.
 *
 * Shape     a checked blob; nodes are named by offset, as in libfdt.
 * Units     bytes; interrupt numbers are the controller's (GIC INTID).
 * Owner     the blob belongs to struct board.
 * Trust     the blob is untrusted: it is checked as a whole first, and every
 *           property's length before it is read.
 * Errors    false; dt_open() ends the program for a damaged blob.
 * Source    Devicetree Specification 0.4, sections 2.3 and 2.4; Linux binding
 *           arm,gic for the three interrupt cells.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sdk/tool/board.h"

struct dt {
    const void *blob;
    const struct irqchip *irqchip;
};

/** Checks the board's blob; a board without one is an error, too. */
struct dt dt_open(const struct board *board);

/** The node at a path; false if there is none. */
MUST_USE bool dt_find(const struct dt *dt, const char *path, int *node);

/** True unless the node's status says that the device is not there. */
bool dt_is_enabled(const struct dt *dt, int node);

/** True if the device's memory accesses see the caches: "dma-coherent", there
 *  or on a bus above (Devicetree Specification 0.4, 2.3.14). */
bool dt_is_coherent(const struct dt *dt, int node);

/** The `index`th string of `compatible`; NULL after the last. */
const char *dt_compatible(const struct dt *dt, int node, uint32_t index);

/** The `index`th register range, as the processor sees it. */
MUST_USE bool dt_reg(
    const struct dt *dt, int node, uint32_t index, struct board_range *out);

/** The `index`th interrupt, as the board's controller numbers it. */
MUST_USE bool dt_irq(
    const struct dt *dt, int node, uint32_t index, struct irqchip_line *out);
