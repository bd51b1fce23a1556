/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader.c - from firmware to the kernel.
 *
 * The image is laid out in place, so nothing is copied.  What is left to do:
 * make caches and memory agree, switch the caches on (zeroing 20 MB uncached
 * takes a real board tens of milliseconds), zero what starts as zero, and enter
 * the kernel.  The kernel's own page table maps only the kernel's memory, so the
 * loader builds a small one of its own.
 *
 * The loader's tables and stack lie in its own 64 KiB, which no zero range may
 * touch.  The kernel takes the MMU as it finds it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "abi/image.h"
#include "abi/table.h"
#include "arch_types.h"
#include "loader/arch.h"
#include "loader/console.h"
#include "loader/map.h"
#include "loader/print.h"

#define LOADER_PAGE 0x1000u

/* The tool fills this in. */
struct abi_loader_info loader_info __attribute__((section(".loader_info")));

static void info(const char *text)
{
    if ((loader_info.flags & ABI_LOADER_VERBOSE) != 0) {
        print_text("LDR|INFO: ");
        print_text(text);
    }
}

static void info_range(uint64_t base, uint64_t size)
{
    if ((loader_info.flags & ABI_LOADER_VERBOSE) != 0) {
        print_hex(base);
        print_text("..");
        print_hex(base + size);
        print_text("\n");
    }
}

/* Errors are printed in every configuration. */
static NORETURN void fail(const char *text, uint64_t a, uint64_t b)
{
    print_text("LDR|ERROR: ");
    print_text(text);
    print_text(" ");
    print_hex(a);
    print_text(" ");
    print_hex(b);
    print_text("\n");
    loader_halt();
}

static bool zero_range_ok(const struct abi_zero_range *range)
{
    uint64_t end = range->base + range->size;
    uint64_t image_end = loader_info.image_base + loader_info.image_size;

    return (range->base | range->size) % 64 == 0 && end >= range->base &&
           (end <= loader_info.image_base || range->base >= image_end);
}

static void map_all(void)
{
    bool ok =
        map_range(loader_info.image_base, loader_info.image_size, MAP_NORMAL);

    for (uint32_t i = 0; i < loader_info.zero_count; i++) {
        const struct abi_zero_range *range = &loader_info.zero[i];
        if (!zero_range_ok(range)) {
            fail("bad range to zero:", range->base, range->size);
        }
        ok = ok && map_range(range->base, range->size, MAP_NORMAL);
    }
    if (loader_info.console_kind != ABI_CONSOLE_NONE) {
        ok = ok && map_range(loader_info.console, LOADER_PAGE, MAP_DEVICE);
    }
    if (!ok) {
        fail("memory too far apart for the loader's tables:", 0, 0);
    }
}

void loader_main(uint64_t start, uint64_t level)
{
    if (loader_info.magic != ABI_LOADER_MAGIC) {
        loader_halt(); /* no tool made this image: there is no UART to tell */
    }
    console_init(loader_info.console_kind, loader_info.console);
    if (level != LOADER_LEVEL) {
        fail("started at " LOADER_LEVEL_NAME ", must be:", level, LOADER_LEVEL);
    }
    if (start != loader_info.image_base) {
        fail("loaded at, must be at:", start, loader_info.image_base);
    }
    if (loader_info.zero_count > ABI_LOADER_ZERO_MAX) {
        fail("too many ranges to zero:", loader_info.zero_count, 0);
    }

    info("image ");
    info_range(loader_info.image_base, loader_info.image_size);
    map_all();
    loader_flush_caches();
    loader_mmu_on(map_root());
    for (uint32_t i = 0; i < loader_info.zero_count; i++) {
        info("zeroing ");
        info_range(loader_info.zero[i].base, loader_info.zero[i].size);
        loader_zero(loader_info.zero[i].base, loader_info.zero[i].size);
    }
    info("entering the kernel\n");
    loader_enter(
        loader_info.kernel_entry, loader_info.table, loader_info.kernel_root);
}
