/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inner loops of the Internet checksum with Advanced SIMD: pairs of 16 bit
 * words are added into eight or sixteen 32 bit sums, one instruction for 16
 * bytes.  A sum gains at most 2 * 65535 a step, so it is emptied long before
 * 2^15 steps; one call has far fewer (CHECKSUM_BLOCKS_MAX).
 */
#include "lions/net/checksum.h"

#include <arm_neon.h>

struct sums {
    uint32x4_t part[4];
};

static inline void add(struct sums *sums, uint8x16x4_t data)
{
    for (int i = 0; i < 4; i++) {
        sums->part[i] =
            vpadalq_u16(sums->part[i], vreinterpretq_u16_u8(data.val[i]));
    }
}

static inline uint64_t total(const struct sums *sums)
{
    return vaddlvq_u32(sums->part[0]) + vaddlvq_u32(sums->part[1]) +
           vaddlvq_u32(sums->part[2]) + vaddlvq_u32(sums->part[3]);
}

uint64_t checksum_blocks(const uint8_t *data, size_t blocks)
{
    struct sums sums = { { vdupq_n_u32(0), vdupq_n_u32(0), vdupq_n_u32(0),
        vdupq_n_u32(0) } };

    for (; blocks > 0; blocks--) {
        add(&sums, vld1q_u8_x4(data));
        data += CHECKSUM_BLOCK;
    }
    return total(&sums);
}

uint64_t checksum_copy_blocks(uint8_t *to, const uint8_t *from, size_t blocks)
{
    struct sums sums = { { vdupq_n_u32(0), vdupq_n_u32(0), vdupq_n_u32(0),
        vdupq_n_u32(0) } };

    for (; blocks > 0; blocks--) {
        uint8x16x4_t data = vld1q_u8_x4(from);
        vst1q_u8_x4(to, data);
        add(&sums, data);
        from += CHECKSUM_BLOCK;
        to += CHECKSUM_BLOCK;
    }
    return total(&sums);
}
