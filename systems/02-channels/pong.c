/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers each notification on the channel it came from.  Its priority is below
 * ping's, so it finds both notifications when it runs, and takes the lowest
 * channel first.
 */
#include <microkit.h>

void init(void)
{
    microkit_dbg_puts("pong: ready\n");
}

void notified(microkit_channel ch)
{
    microkit_dbg_puts("pong: notified on channel ");
    microkit_dbg_put32(ch);
    microkit_dbg_puts("\n");
    microkit_notify(ch);
}
