/* SPDX-License-Identifier: BSD-2-Clause */
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
