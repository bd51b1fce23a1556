/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inner loops of the checksum where there is nothing better.
 */
#include "lions/net/checksum.h"

#include "base/bytes.h"
#include "base/mem.h"

uint64_t checksum_blocks(const uint8_t *data, uint32_t blocks)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < blocks * CHECKSUM_BLOCK; i += 2) {
        sum += load_le16(data + i);
    }
    return sum;
}

uint64_t checksum_copy_blocks(uint8_t *to, const uint8_t *from, uint32_t blocks)
{
    memcpy(to, from, blocks * CHECKSUM_BLOCK);
    return checksum_blocks(from, blocks);
}
