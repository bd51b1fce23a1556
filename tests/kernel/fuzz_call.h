/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_call.h - a system call with any content in any register.
 *
 * Shape     x0..x29 are set from an array, and stored back into it.
 * Units     call numbers 0..FUZZ_NUMBERS - 2, and FUZZ_LAST_NUMBER.
 */
#pragma once

#include <stdint.h>

#define FUZZ_REGISTERS   30
#define FUZZ_NUMBERS     20
#define FUZZ_LAST_NUMBER 0xffff /* what index FUZZ_NUMBERS - 1 stands for */

/** Makes call `index` with x[0..29]; they become what the kernel left. */
void fuzz_call(uint64_t index, uint64_t x[FUZZ_REGISTERS]);
