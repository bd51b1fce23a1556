/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inner loop of the checksum where there is no assembly for it.
 */
#include "lions/net/checksum.h"

typedef uint64_t word64_t __attribute__((aligned(1), may_alias));

uint64_t checksum_blocks(const uint8_t *data, size_t blocks)
{
    const word64_t *word = (const word64_t *)data;
    uint64_t sum = 0;

    for (size_t i = 0; i < blocks * (CHECKSUM_BLOCK / 8); i++) {
        sum += word[i];
        sum += sum < word[i] ? 1 : 0;
    }
    return sum;
}
