/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uint64_t checksum_blocks(const uint8_t *data, size_t blocks)
 *
 * The inner loop of the Internet checksum: the carry flag goes through the
 * whole loop (subtraction and branch leave it alone) and round at the end.
 * Eight instructions for 32 bytes.
 *
 *   x0 data   x1 blocks, not 0   x2 sum   x3..x6 words
 */
    .section .text.checksum_blocks, "ax"
    .globl checksum_blocks
    .type checksum_blocks, %function
checksum_blocks:
    mov x2, xzr
    cmn xzr, xzr                /* carry = 0 */
1:
    ldp x3, x4, [x0], #16
    ldp x5, x6, [x0], #16
    adcs x2, x2, x3
    adcs x2, x2, x4
    adcs x2, x2, x5
    adcs x2, x2, x6
    sub x1, x1, #1
    cbnz x1, 1b
    adcs x0, x2, xzr            /* the carry goes round, twice if it must */
    adc x0, x0, xzr
    ret
    .size checksum_blocks, . - checksum_blocks
