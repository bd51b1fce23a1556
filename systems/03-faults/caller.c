/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls a server that crashes: the call comes back without an answer, and says
 * so.  The next one finds the server restarted.
 */
#include <pride.h>

#define SERVER 0

static void call(void)
{
    microkit_msginfo answer =
        microkit_ppcall(SERVER, microkit_msginfo_new(0, 0));

    if (pride_call_aborted(answer)) {
        microkit_dbg_puts("caller: no answer, the server was restarted\n");
        return;
    }
    microkit_dbg_puts("caller: the answer is ");
    microkit_dbg_put32((seL4_Uint32)microkit_mr_get(0));
    microkit_dbg_puts("\n");
}

void init(void)
{
    call();
    call();
    microkit_dbg_puts("caller: done\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
