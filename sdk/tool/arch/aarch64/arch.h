/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch.h - the row of AArch64, and its page table formats.
 *
 * Shape     constants.
 * Source    arch.c, vspace.c.
 */
#pragma once

#include "sdk/tool/arch.h"

extern const struct arch arch_aarch64;

/* A program at EL0 under a kernel at EL2: stage 2. */
extern const struct vspace_format aarch64_el2_user;
/* The kernel at EL2: stage 1. */
extern const struct vspace_format aarch64_el2_kernel;
