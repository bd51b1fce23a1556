/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fpu_peer.c - a server that uses the FPU in every call.
 */
#include "bench/primitives/bench.h"

void init(void)
{
}

microkit_msginfo protected(microkit_channel channel, microkit_msginfo info)
{
    (void)channel;
    (void)info;
    fpu_use();
    return microkit_msginfo_new(0, 0);
}

void notified(microkit_channel channel)
{
    (void)channel;
}
