/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kinds.h - of what kind an instruction is, and the figures we count.  Each
 * architecture implements it: bench/arch/X/kinds.c.
 *
 * Shape     enum figure is the order of figures in detail.c's file and in
 *           bench/lib/detail.py; enum mark has the values in that file.
 * Units     executed instructions, accesses, bytes, 64-byte lines.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One counter each; what NONE counts is not reported. */
enum figure {
    KERNEL, /* instructions */
    USER,
    CROSSINGS, /* from user to kernel */
    SLEEPS,    /* the processor waits for an interrupt */
    SWITCHES,  /* of the address space */
    TLBI,      /* names are Arm's; others count what is like them */
    CACHE,     /* cache maintenance and address translation */
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

/* Moments that windows begin or end with. */
enum mark {
    MARK_NONE,
    MARK_BEGIN, /* the guest's, bench_arch.h */
    MARK_END,
    MARK_SLEEP,
};

/** The figure that an instruction adds to, or NONE.  STORE_BYTES: it zeroes a
 *  block of kinds_zeroed_bytes(). */
enum figure kinds_of(uint32_t opcode);

/** Bytes that one instruction of the kind STORE_BYTES zeroes. */
uint32_t kinds_zeroed_bytes(void);

/** Is it one of the guest's marks, or the begin of a sleep? */
enum mark kinds_mark(uint32_t opcode);

/** Does it change the address space? */
bool kinds_is_switch(uint32_t opcode);
