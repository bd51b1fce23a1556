/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inner loops of the checksum where there is nothing better.
 */
#include "lions/net/checksum.h"

#include "base/mem.h"

typedef uint16_t word16_t __attribute__((aligned(1), may_alias));

uint64_t checksum_blocks(const uint8_t *data, size_t blocks)
{
    const word16_t *word = (const word16_t *)data;
    uint64_t sum = 0;

    for (size_t i = 0; i < blocks * (CHECKSUM_BLOCK / 2); i++) {
        sum += word[i];
    }
    return sum;
}

uint64_t checksum_copy_blocks(uint8_t *to, const uint8_t *from, size_t blocks)
{
    memcpy(to, from, blocks * CHECKSUM_BLOCK);
    return checksum_blocks(from, blocks);
}
