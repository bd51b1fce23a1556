/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.c - see entry.h.
 */
#include "sdk/libmicrokit/entry.h"

struct microkit_internal_deferred microkit_internal_deferred;
seL4_Bool microkit_have_signal;
seL4_CPtr microkit_signal_cap;
seL4_MessageInfo_t microkit_signal_msg;

/* The bit of `cap` if it is among the 64 that begin at `base`, else 0. */
static inline seL4_Word bit_of(seL4_CPtr cap, seL4_CPtr base)
{
    return cap - base < ABI_IDS ? (seL4_Word)1 << (cap - base) : 0;
}

void entry_flush(void)
{
    /* The masks have every operation that the library deferred.  A program may
     * also have written the three globals itself; then only they tell. */
    seL4_Word ack = microkit_internal_deferred.ack |
                    bit_of(microkit_signal_cap, BASE_IRQ_CAP);
    seL4_Word notify =
        microkit_internal_deferred.notify |
        bit_of(microkit_signal_cap, BASE_OUTPUT_NOTIFICATION_CAP);

    microkit_have_signal = seL4_False;
    microkit_internal_deferred = (struct microkit_internal_deferred){ 0, 0 };
    for (; ack != 0; ack &= ack - 1) {
        (void)pride_call_irq_ack((uint64_t)__builtin_ctzll(ack));
    }
    for (; notify != 0; notify &= notify - 1) {
        (void)pride_call_notify((uint64_t)__builtin_ctzll(notify));
    }
}
