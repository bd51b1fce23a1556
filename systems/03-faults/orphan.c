/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PD without a parent that overflows its stack.  The monitor describes the
 * fault and stops the PD.
 */
#include <microkit.h>

static unsigned int descend(unsigned int depth)
{
    volatile unsigned char frame[256];

    frame[0] = (unsigned char)depth;
    if (depth == 0xffffffff) {
        return 0;
    }
    return descend(depth + 1) + frame[0];
}

void init(void)
{
    microkit_dbg_puts("orphan: overflowing the stack\n");
    (void)descend((unsigned int)microkit_name[0]);
    microkit_dbg_puts("orphan: still alive, which is a bug\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
