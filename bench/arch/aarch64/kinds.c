/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kinds.c - recognises A64 instructions by their encoding; see kinds.h.
 * Arm ARM (DDI 0487), C4.1.94 (system instructions), C5.
 */
#include "bench/plugin/kinds.h"

#define OPCODE_WFI        0xd503207fu
#define OPCODE_MARK_BEGIN 0xaa1403f4u /* mov x20, x20: bench_arch.h */
#define OPCODE_MARK_END   0xaa1503f5u /* mov x21, x21 */
#define ZVA_BYTES         64u         /* as DCZID_EL0 of a Cortex-A53 says */

/* Of these bits, this value: an instruction of this kind (first match). */
static const struct {
    uint32_t mask;
    uint32_t value;
    enum figure kind;
} kinds[] = {
    { 0xffffffff, OPCODE_WFI, SLEEPS },
    { 0xfffff0ff, 0xd503309f, DSB },
    { 0xfffff0ff, 0xd50330bf, DMB },
    { 0xfffff0ff, 0xd50330df, ISB },
    { 0xffffffe0, 0xd50b7420, STORE_BYTES }, /* DC ZVA */
    { 0xfff8f000, 0xd5088000, TLBI },
    { 0xfff8f000, 0xd5087000, CACHE },
    { 0xfff8f01f, 0xd500401f, MSR }, /* immediate: DAIF and the like */
    { 0xfff00000, 0xd5100000, MSR },
    { 0xfff00000, 0xd5300000, MRS },
};

static const uint32_t switches[] = {
    0xd5182000, /* MSR TTBR0_EL1 */
    0xd51c2000, /* MSR TTBR0_EL2 */
    0xd51c2100, /* MSR VTTBR_EL2 */
};

enum figure kinds_of(uint32_t opcode)
{
    for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if ((opcode & kinds[i].mask) == kinds[i].value) {
            return kinds[i].kind;
        }
    }
    return NONE;
}

uint32_t kinds_zeroed_bytes(void)
{
    return ZVA_BYTES;
}

enum mark kinds_mark(uint32_t opcode)
{
    switch (opcode) {
    case OPCODE_MARK_BEGIN:
        return MARK_BEGIN;
    case OPCODE_MARK_END:
        return MARK_END;
    case OPCODE_WFI:
        return MARK_SLEEP;
    default:
        return MARK_NONE;
    }
}

bool kinds_is_switch(uint32_t opcode)
{
    for (uint32_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
        if ((opcode & ~0x1fu) == switches[i]) {
            return true;
        }
    }
    return false;
}
