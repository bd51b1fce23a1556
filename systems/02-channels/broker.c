/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server that calls another server before it answers: while it does, its own
 * caller waits, and so does every other PD that calls it.
 */
#include <microkit.h>

#include "systems/02-channels/protocol.h"

#define CALC 1

void init(void)
{
    microkit_dbg_puts("broker: ready\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    (void)ch;
    microkit_dbg_puts("broker: passing it on\n");

    /* The words are still in the message buffer, where calc will find them;
     * calc's answer comes back into the same buffer and becomes ours. */
    return microkit_ppcall(CALC, msginfo);
}
