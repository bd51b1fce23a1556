/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - what the tool knows of a processor architecture: one row each.
 *
 * Shape     constant rows, one per directory in sdk/tool/arch.  The tool knows
 *           all of them; the board says which one it has.
 * Units     bytes.
 * Owner     read-only.
 * Errors    arch_find(), arch_model(): NULL for what there is no row for.
 * Source    docs/porting.md; the manuals named in each row's file.
 */
#pragma once

#include <stdint.h>

#include "abi/table.h"
#include "sdk/tool/vspace.h"

/* Where the kernel runs, and what follows from it for programs. */
struct arch_model {
    uint32_t exception_level; /* as in board.xml */
    uint64_t user_top;        /* the last address of a program's */
    uint64_t kernel_offset;   /* kernel address - physical address: 0 when the
                                 kernel is mapped one to one */
    const struct vspace_format *user;
    const struct vspace_format *kernel;
};

struct arch {
    const char *name;     /* as in board.xml */
    enum abi_arch number; /* as in the system table */
    uint32_t elf_machine; /* e_machine of its programs */
    const struct arch_model *model;
    uint32_t model_count;
};

/** The row of an architecture, or NULL. */
const struct arch *arch_find(const char *name);
/** How the kernel runs at an exception level, or NULL. */
const struct arch_model *arch_model(
    const struct arch *arch, uint32_t exception_level);

/** Where the kernel sees a physical address. */
static inline uint64_t arch_kernel_va(
    const struct arch_model *model, uint64_t pa)
{
    return pa + model->kernel_offset;
}
