/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irqchip.c - the interrupt controllers that boards have.
 *
 * GIC: numbers as in the Arm Generic Interrupt Controller architecture (IHI
 * 0048, 2.2.1); three cells <type number flags>, device tree binding
 * "arm,gic".
 */
#include "sdk/tool/irqchip.h"

#include <stddef.h>
#include <string.h>

#include "base/attr.h"

enum {
    GIC_SHARED = 0,
    GIC_PRIVATE = 1,
    GIC_PRIVATE_FIRST = 16,
    GIC_PRIVATE_COUNT = 16,
    GIC_SHARED_FIRST = 32,
    GIC_SHARED_COUNT = 988,
    GIC_EDGE_RISING = 1,
    GIC_EDGE_FALLING = 2,
};

static bool gic_decode(const uint64_t *cell, struct irqchip_line *out)
{
    if (cell[0] == GIC_SHARED && cell[1] < GIC_SHARED_COUNT) {
        out->number = (uint32_t)cell[1] + GIC_SHARED_FIRST;
    } else if (cell[0] == GIC_PRIVATE && cell[1] < GIC_PRIVATE_COUNT) {
        out->number = (uint32_t)cell[1] + GIC_PRIVATE_FIRST;
    } else {
        return false;
    }
    out->edge = (cell[2] & (GIC_EDGE_RISING | GIC_EDGE_FALLING)) != 0;
    return true;
}

static const struct irqchip rows[] = {
    {
        .kind = "gicv2",
        .abi = ABI_IRQCHIP_GICV2,
        .range_count = 2, /* distributor, processor interface */
        .lines_max = GIC_SHARED_FIRST + GIC_SHARED_COUNT,
        .first_device = GIC_PRIVATE_FIRST,
        .cells = 3,
        .decode = gic_decode,
    },
};

const struct irqchip *irqchip_find(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].kind, kind) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}
