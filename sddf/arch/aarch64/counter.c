/* SPDX-License-Identifier: BSD-2-Clause */
/* The physical counter, which the kernel lets user level read. */
#include <sddf/util/arch_timestamp_counter.h>

uint64_t sddf_read_counter(void)
{
    uint64_t ticks;

    /* The barrier keeps the read from being done ahead of time (D11.2.2). */
    __asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(ticks) : : "memory");
    return ticks;
}

uint64_t sddf_read_freq(void)
{
    uint64_t freq;

    __asm__("mrs %0, cntfrq_el0" : "=r"(freq));
    return freq & UINT32_MAX;
}
