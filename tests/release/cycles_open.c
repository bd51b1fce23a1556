/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that measure on seL4 read the cycle counter and never start it. */
#include "tests/release/cycles.h"

#include <stdint.h>

static uint64_t cycles(void)
{
    uint64_t value;

    __asm__ volatile("isb\n\tmrs %0, pmccntr_el0" : "=r"(value) : : "memory");
    return value;
}

const char *cycles_text(void)
{
    const uint64_t begin = cycles();

    return cycles() - begin != 0 ? "reporter: cycles are counted\n"
                                 : "reporter: the cycle counter stands still\n";
}
