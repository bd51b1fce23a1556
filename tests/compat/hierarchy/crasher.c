/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes to address 0 as soon as it starts.
 */
#include <microkit.h>

#include "base/attr.h"

/* Compiled with -ffunction-sections this is in .text.start, and must not be what
 * runs first when the parent restarts us at the link address. */
NOINLINE static void start(void)
{
    volatile int *volatile nowhere = 0;

    microkit_dbg_puts("crasher, starting\n");
    *nowhere = 1;
}

void init(void)
{
    start();
}

void notified(microkit_channel ch)
{
    (void)ch;
}
