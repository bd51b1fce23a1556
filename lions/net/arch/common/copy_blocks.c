/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plain copy where there is nothing better.
 */
#include "lions/net/copy_blocks.h"

#include "base/mem.h"

void copy_blocks(uint8_t *to, const uint8_t *from, uint32_t blocks)
{
    memcpy(to, from, blocks * COPY_BLOCK);
}
