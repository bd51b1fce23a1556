/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * peer.c - the other side of runner.c: answers calls with as many words as it
 * got, swallows notifications on channel 0 and returns those on channel 1.
 */
#include "bench/primitives/bench.h"

void init(void)
{
}

microkit_msginfo protected(microkit_channel channel, microkit_msginfo info)
{
    (void)channel;
    return microkit_msginfo_new(
        0, (seL4_Uint16)microkit_msginfo_get_count(info));
}

void notified(microkit_channel channel)
{
    if (channel == 1) {
        microkit_notify(1);
    }
}
