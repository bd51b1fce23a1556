/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other child: lives on while its sister crashes.
 */
#include <microkit.h>

void init(void)
{
    microkit_dbg_puts("hello, world\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
