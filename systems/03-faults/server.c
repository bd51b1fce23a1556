/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server that crashes in the middle of its first call.
 */
#include <microkit.h>

static unsigned int calls;

void init(void)
{
    microkit_dbg_puts("server: ready\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    volatile int *volatile nowhere = 0;

    (void)ch;
    (void)msginfo;
    calls++;
    if (calls == 1) {
        *nowhere = 1;
    }
    microkit_mr_set(0, 42);
    return microkit_msginfo_new(0, 1);
}
