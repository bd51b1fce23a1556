/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kinds.h - of what kind an A64 instruction is, and the figures we count.
 *
 * Shape     enum figure is the order of figures in detail.c's file and in
 *           bench/lib/detail.py.
 * Units     executed instructions, accesses, bytes, 64-byte lines.
 * Source    Arm ARM (DDI 0487), C4.1.94 (system instructions), C5.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One counter each; NONE counts nothing anybody looks at. */
enum figure {
    KERNEL, /* instructions */
    USER,
    CROSSINGS, /* from user to kernel */
    SLEEPS,    /* WFI */
    SWITCHES,  /* writes to TTBR0_EL1, TTBR0_EL2, VTTBR_EL2 */
    TLBI,
    CACHE, /* cache maintenance and address translation */
    DMB,
    DSB,
    ISB,
    MRS, /* system registers read */
    MSR, /* system registers and flags written */
    MMIO,
    LOADS, /* accesses to memory; bytes of them */
    STORES,
    LOAD_BYTES,
    STORE_BYTES,
    ILINES, /* distinct lines, summed over intervals */
    DLINES,
    NONE,
    FIGURES,
};

/** The figure that an instruction adds to, or NONE.  STORE_BYTES: it zeroes a
 *  block (DC ZVA). */
enum figure kinds_of(uint32_t opcode);

/** Does it change the address space? */
bool kinds_is_switch(uint32_t opcode);
