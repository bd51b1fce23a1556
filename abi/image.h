/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.h - what the tool tells the loader.
 *
 * Shape     one structure, the symbol `loader_info` of the loader ELF, filled
 *           in by the tool.  The image is laid out in place: every byte with
 *           initial content is already at its final physical address when the
 *           loader starts, so the loader copies nothing and only zeroes.
 * Units     physical addresses, bytes; ranges are 64-byte aligned.
 * Owner     the tool writes it; the loader reads it.
 * Trust     part of the image: trusted after the magic matched.
 */
#pragma once

#include <assert.h>
#include <stdint.h>

#define ABI_LOADER_MAGIC    0x3130444c45444950u /* "PIDELD01" */
#define ABI_LOADER_ZERO_MAX 256
#define ABI_LOADER_VERBOSE  0x1 /* print LDR|INFO lines */

struct abi_zero_range {
    uint64_t base;
    uint64_t size;
};

struct abi_loader_info {
    uint64_t magic;
    uint64_t image_base;
    uint64_t image_size;
    uint64_t kernel_entry; /* physical */
    uint64_t table;        /* physical address of the system table, core 0 */
    uint64_t kernel_root;  /* root of the kernel's page table, physical */
    uint64_t console;      /* physical address of the debug UART or 0 */
    uint32_t console_kind; /* enum abi_console */
    uint32_t flags;        /* ABI_LOADER_* */
    uint32_t zero_count;
    uint32_t reserved;
    struct abi_zero_range zero[ABI_LOADER_ZERO_MAX];
};

static_assert(sizeof(struct abi_loader_info) == 72 + 16 * ABI_LOADER_ZERO_MAX,
    "loader info layout");
