/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copy_blocks.h - the inner loop of a plain copy, for frames whose checksum
 * is left to the device.
 *
 * Shape     one function; vector registers on AArch64, as in checksum.h.
 * Units     blocks of COPY_BLOCK bytes, any alignment.
 * Owner     the caller; the two regions do not overlap.
 * Trust     the caller has checked the range.
 */
#pragma once

#include <stdint.h>

#define COPY_BLOCK 64u

/** Copies `blocks` blocks: arch/aarch64/copy_blocks.c,
 *  arch/common/copy_blocks.c. */
void copy_blocks(uint8_t *to, const uint8_t *from, uint32_t blocks);
