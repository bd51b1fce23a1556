/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.c - see entry.h.
 */
#include "sdk/libmicrokit/entry.h"

seL4_Bool microkit_have_signal;
seL4_CPtr microkit_signal_cap;
seL4_CPtr microkit_internal_deferred;
seL4_MessageInfo_t microkit_signal_msg;

/* The bit of `cap` if it is among the 64 that begin at `base`, else 0. */
static inline seL4_Word bit_of(seL4_CPtr cap, seL4_CPtr base)
{
    return cap - base < ABI_IDS ? (seL4_Word)1 << (cap - base) : 0;
}

void entry_add_named(void)
{
    /* The control block has every operation that the library deferred.  A
     * program may also have written the globals itself; then only they tell. */
    struct abi_control *control = microkit_internal_control();

    control->ack_at_wait |= bit_of(microkit_signal_cap, BASE_IRQ_CAP);
    control->notify_at_wait |=
        bit_of(microkit_signal_cap, BASE_OUTPUT_NOTIFICATION_CAP);
}
