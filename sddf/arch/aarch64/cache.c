/* SPDX-License-Identifier: BSD-2-Clause */
/* Cache maintenance from user level.  The line size is read from CTR_EL0
 * (D13.2.34: DminLine, log2 of words), never assumed. */
#include <stdint.h>

#include <sddf/util/cache.h>

static unsigned long line_size(void)
{
    uint64_t ctr;

    __asm__("mrs %0, ctr_el0" : "=r"(ctr));
    return 4ul << ((ctr >> 16) & 0xf);
}

static void clean_and_invalidate_line(unsigned long address)
{
    __asm__ volatile("dc civac, %0" : : "r"(address) : "memory");
}

static void clean_line(unsigned long address)
{
    __asm__ volatile("dc cvac, %0" : : "r"(address) : "memory");
}

/* Forbids that the device, or a later access, is ahead of the maintenance. */
static void wait_for_completion(void)
{
    __asm__ volatile("dsb sy" : : : "memory");
}

void cache_clean_and_invalidate(unsigned long start, unsigned long end)
{
    unsigned long line = line_size();

    for (unsigned long at = start & ~(line - 1); at < end; at += line) {
        clean_and_invalidate_line(at);
    }
    wait_for_completion();
}

void cache_clean(unsigned long start, unsigned long end)
{
    unsigned long line = line_size();

    for (unsigned long at = start & ~(line - 1); at < end; at += line) {
        clean_line(at);
    }
    wait_for_completion();
}
