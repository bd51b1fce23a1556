/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace.c - AArch64 page tables for a kernel at EL2.
 *
 * A protection domain runs at EL0 with stage 1 off; its tables are stage 2:
 * 40-bit input addresses, 4 KiB granule, start at level 1 with two
 * concatenated tables.  The kernel's own tables are EL2 stage 1: 39 bits,
 * start at level 1.  MAIR_EL2 has attribute 0 = Device-nGnRnE, 1 = Normal
 * write-back (set by kernel/arch/aarch64).
 *
 * Source: Arm Architecture Reference Manual (DDI 0487), D8.3 "Translation
 * table descriptor formats", D8.4.2 "Stage 2 access", D8.6 "Memory types".
 */
#include "sdk/tool/arch/aarch64/arch.h"

/* Descriptors of both stages. */
#define DESC_TABLE    0x3ull /* table, or page at level 3 */
#define DESC_BLOCK    0x1ull
#define DESC_ADDRESS  0x0000fffffffff000ull
#define DESC_SH_INNER (3ull << 8)
#define DESC_AF       (1ull << 10)
#define DESC_XN       (1ull << 54)

/* Stage 2. */
#define S2_MEM_DEVICE (0x0ull << 2) /* Device-nGnRnE */
#define S2_MEM_NORMAL (0xfull << 2) /* Normal, write-back, in and out */
#define S2_AP_READ    (1ull << 6)
#define S2_AP_WRITE   (2ull << 6)

/* Stage 1 at EL2. */
#define S1_ATTR_DEVICE  (0ull << 2)
#define S1_ATTR_NORMAL  (1ull << 2)
#define S1_AP_RES1      (1ull << 6)
#define S1_AP_READ_ONLY (1ull << 7)

#define VTTBR_VMID_SHIFT 48

static uint64_t leaf_type(bool large)
{
    return (large ? DESC_BLOCK : DESC_TABLE) | DESC_AF;
}

static uint64_t table(uint64_t pa)
{
    return pa | DESC_TABLE;
}

static uint64_t address(uint64_t entry)
{
    return entry & DESC_ADDRESS;
}

static uint64_t user_leaf(uint64_t pa, uint32_t perms, bool large)
{
    uint64_t entry = pa | leaf_type(large) | S2_AP_READ;

    if (perms & VSPACE_WRITE) {
        entry |= S2_AP_WRITE;
    }
    if (perms & VSPACE_DEVICE) {
        /* never executable: a fetch could be speculative */
        return entry | S2_MEM_DEVICE | DESC_XN;
    }
    entry |= S2_MEM_NORMAL | DESC_SH_INNER;
    return perms & VSPACE_EXECUTE ? entry : entry | DESC_XN;
}

static uint64_t kernel_leaf(uint64_t pa, uint32_t perms, bool large)
{
    uint64_t entry = pa | leaf_type(large) | S1_AP_RES1;

    if (!(perms & VSPACE_WRITE)) {
        entry |= S1_AP_READ_ONLY;
    }
    if (perms & VSPACE_DEVICE) {
        return entry | S1_ATTR_DEVICE | DESC_XN;
    }
    entry |= S1_ATTR_NORMAL | DESC_SH_INNER;
    /* the kernel never has memory both writable and executable */
    if ((perms & VSPACE_EXECUTE) && !(perms & VSPACE_WRITE)) {
        return entry;
    }
    return entry | DESC_XN;
}

static uint64_t user_root(uint64_t pa, uint32_t space_id)
{
    return pa | (uint64_t)space_id << VTTBR_VMID_SHIFT;
}

static uint64_t kernel_root(uint64_t pa, uint32_t space_id)
{
    (void)space_id;
    return pa;
}

const struct vspace_format aarch64_el2_user = {
    .address_bits = 40,
    .levels = 3,
    .root_entries = 1024,
    .table = table,
    .address = address,
    .leaf = user_leaf,
    .root = user_root,
};

const struct vspace_format aarch64_el2_kernel = {
    .address_bits = 39,
    .levels = 3,
    .root_entries = 512,
    .table = table,
    .address = address,
    .leaf = kernel_leaf,
    .root = kernel_root,
};
