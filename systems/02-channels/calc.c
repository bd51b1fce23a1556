/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A passive server: after init() it has no processor time of its own and runs
 * on its callers'.
 */
#include <microkit.h>

#include "systems/02-channels/protocol.h"

void init(void)
{
    microkit_dbg_puts("calc: ready\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}

static microkit_msginfo sum(seL4_Uint8 count)
{
    seL4_Word total = 0;

    for (seL4_Uint8 i = 0; i < count; i++) {
        total += microkit_mr_get(i);
    }
    microkit_mr_set(0, total);
    return microkit_msginfo_new(CALC_SUM, 1);
}

static microkit_msginfo reverse(seL4_Uint8 count)
{
    for (seL4_Uint8 i = 0; i < count / 2; i++) {
        seL4_Uint8 j = (seL4_Uint8)(count - 1 - i);
        seL4_Word first = microkit_mr_get(i);

        microkit_mr_set(i, microkit_mr_get(j));
        microkit_mr_set(j, first);
    }
    return microkit_msginfo_new(CALC_REVERSE, count);
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    seL4_Uint8 count = (seL4_Uint8)microkit_msginfo_get_count(msginfo);

    microkit_dbg_puts("calc: call on channel ");
    microkit_dbg_put32(ch);
    microkit_dbg_puts("\n");
    switch (microkit_msginfo_get_label(msginfo)) {
    case CALC_SUM:
        return sum(count);
    case CALC_REVERSE:
        return reverse(count);
    default:
        return microkit_msginfo_new(CALC_BAD, 0);
    }
}
