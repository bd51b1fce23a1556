/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest protection domain: it says its name and waits for ever.
 */
#include <microkit.h>

void init(void)
{
    microkit_dbg_puts("hello, world\n");
    microkit_dbg_puts("I am the protection domain '");
    microkit_dbg_puts(microkit_name);
    microkit_dbg_puts("'\n");
}

void notified(microkit_channel ch)
{
    /* Never called: the description gives us no channel. */
    (void)ch;
}
