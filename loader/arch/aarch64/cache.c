/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache.c - cleans and invalidates the data caches by set and way.
 * Arm ARM (DDI 0487) D4.4.6, CLIDR_EL1, CCSIDR_EL1.
 */
#include <stdint.h>

#include "loader/arch.h"

#define CLIDR_TYPE_BITS  3u
#define CLIDR_TYPE_MASK  7u
#define CLIDR_TYPE_DATA  2u /* this and above: there is a data cache */
#define CACHE_LEVELS_MAX 7u

static inline uint64_t read_clidr(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, clidr_el1" : "=r"(value));
    return value;
}

static inline uint64_t read_ccsidr(void)
{
    uint64_t value;
    __asm__ volatile("mrs %0, ccsidr_el1" : "=r"(value));
    return value;
}

static inline void write_csselr(uint64_t value)
{
    __asm__ volatile("msr csselr_el1, %0" : : "r"(value) : "memory");
}

static inline void isb(void)
{
    __asm__ volatile("isb" : : : "memory");
}

static inline void dsb(void)
{
    __asm__ volatile("dsb sy" : : : "memory");
}

static inline void dc_cisw(uint64_t set_way)
{
    __asm__ volatile("dc cisw, %0" : : "r"(set_way) : "memory");
}

/* DC CISW takes the way in its highest bits, the set above the line offset,
 * the level from bit 1. */
static void flush_level(uint32_t level)
{
    write_csselr(level << 1);
    isb();

    uint64_t geometry = read_ccsidr();
    uint32_t line_bits = (uint32_t)(geometry & 7u) + 4u;
    uint32_t ways = (uint32_t)((geometry >> 3) & 0x3ffu) + 1u;
    uint32_t sets = (uint32_t)((geometry >> 13) & 0x7fffu) + 1u;
    uint32_t way_shift = ways == 1 ? 0 : (uint32_t)__builtin_clz(ways - 1u);

    for (uint32_t way = 0; way < ways; way++) {
        uint64_t at = (uint64_t)way << way_shift | level << 1;
        for (uint32_t set = 0; set < sets; set++) {
            dc_cisw(at);
            at += 1ull << line_bits;
        }
    }
    dsb();
}

void loader_flush_caches(void)
{
    uint64_t levels = read_clidr();

    for (uint32_t level = 0; level < CACHE_LEVELS_MAX; level++) {
        uint64_t type = (levels >> (CLIDR_TYPE_BITS * level)) & CLIDR_TYPE_MASK;
        if (type >= CLIDR_TYPE_DATA) {
            flush_level(level);
        }
    }
    write_csselr(0);
    isb();
}
