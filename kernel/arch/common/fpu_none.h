/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fpu_none.h - the FPU's registers where there is no FPU: see fpu_none.c.
 *
 * Shape     one byte that nobody reads: C has no empty structures.
 */
#pragma once

#include <stdint.h>

struct arch_fpu {
    uint8_t none;
};
