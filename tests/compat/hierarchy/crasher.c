/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes to address 0 as soon as it starts.
 */
#include <microkit.h>

void init(void)
{
    volatile int *volatile nowhere = 0;

    microkit_dbg_puts("crasher, starting\n");
    *nowhere = 1;
}

void notified(microkit_channel ch)
{
    (void)ch;
}
