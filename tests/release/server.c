/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Crashes when it is called; nobody but the monitor is there to hear of it.
 */
#include <microkit.h>

void init(void)
{
    microkit_dbg_puts("server: this is the debug configuration\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    volatile int *volatile nowhere = 0;

    (void)ch;
    *nowhere = 1;
    return msginfo;
}
