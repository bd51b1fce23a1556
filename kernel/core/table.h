/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * table.h - the boot check of the system table.
 *
 * Shape     one function, run once per boot, before anything else reads it.
 * Trust     until it returns NULL the table may hold anything; afterwards every
 *           index, offset and flag in it is within the bounds the kernel uses.
 * Errors    a text that says what is wrong.
 * Source    abi/table.h.
 */
#pragma once

#include "abi/table.h"
#include "base/attr.h"

/* What a table must have been made for. */
struct table_machine {
    uint8_t arch; /* enum abi_arch */
    uint8_t exception_level;
    uint8_t optional_flags; /* those of ABI_PD_OPTIONAL that there are */
    uint32_t irqchip_kind;  /* enum abi_irqchip */
    uint32_t console_kind;  /* enum abi_console */
};

/** Returns NULL when `table` is one this kernel can run, else the reason. */
MUST_USE const char *table_check(
    const struct abi_table *table, const struct table_machine *machine);
