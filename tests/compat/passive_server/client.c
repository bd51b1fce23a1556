/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls the passive server once.
 */
#include <microkit.h>

#define SERVER 0

void init(void)
{
    microkit_dbg_puts("CLIENT|INFO: init function running\n");
    (void)microkit_ppcall(SERVER, microkit_msginfo_new(1, 1));
    microkit_dbg_puts("CLIENT|INFO: call returned\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
