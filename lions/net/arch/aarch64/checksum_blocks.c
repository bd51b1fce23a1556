/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inner loops of the Internet checksum with Advanced SIMD: pairs of 16 bit
 * words are added into four 32 bit sums, one instruction for 16 bytes.  Four
 * blocks at a time go into sums of their own, which do not wait for each other.
 * A block adds at most 2 * 65535 to a sum, so that CHECKSUM_BLOCKS_MAX
 * of them fit into all four together.
 */
#include "lions/net/checksum.h"

#include <arm_neon.h>

#define STEP 4u /* blocks at a time */
#define LINE (STEP * CHECKSUM_BLOCK)

_Static_assert(CHECKSUM_BLOCKS_MAX <= UINT32_MAX / (2 * 65535u), "sums fit");

static inline uint32x4_t add(uint32x4_t sum, uint8x16_t data)
{
    return vpadalq_u16(sum, vreinterpretq_u16_u8(data));
}

uint64_t checksum_blocks(const uint8_t *data, uint32_t blocks)
{
    uint32x4_t sum = vdupq_n_u32(0);
    uint32x4_t second = sum;
    uint32x4_t third = sum;
    uint32x4_t fourth = sum;
    const uint8_t *lines_end = data + blocks / STEP * LINE;

    while (data < lines_end) {
        uint8x16x4_t line = vld1q_u8_x4(data);

        sum = add(sum, line.val[0]);
        second = add(second, line.val[1]);
        third = add(third, line.val[2]);
        fourth = add(fourth, line.val[3]);
        data += LINE;
    }
    sum = sum + second + third + fourth;
    for (blocks %= STEP; blocks > 0; blocks--) {
        sum = add(sum, vld1q_u8(data));
        data += CHECKSUM_BLOCK;
    }
    return vaddlvq_u32(sum);
}

uint64_t checksum_copy_blocks(uint8_t *to, const uint8_t *from, uint32_t blocks)
{
    uint32x4_t sum = vdupq_n_u32(0);
    uint32x4_t second = sum;
    uint32x4_t third = sum;
    uint32x4_t fourth = sum;
    const uint8_t *lines_end = from + blocks / STEP * LINE;

    while (from < lines_end) {
        uint8x16x4_t line = vld1q_u8_x4(from);

        vst1q_u8_x4(to, line);
        sum = add(sum, line.val[0]);
        second = add(second, line.val[1]);
        third = add(third, line.val[2]);
        fourth = add(fourth, line.val[3]);
        from += LINE;
        to += LINE;
    }
    sum = sum + second + third + fourth;
    for (blocks %= STEP; blocks > 0; blocks--) {
        uint8x16_t block = vld1q_u8(from);

        vst1q_u8(to, block);
        sum = add(sum, block);
        from += CHECKSUM_BLOCK;
        to += CHECKSUM_BLOCK;
    }
    return vaddlvq_u32(sum);
}
