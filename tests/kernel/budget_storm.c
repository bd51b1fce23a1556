/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The storm: sets the user timer to a time long past, and acknowledges its
 * interrupt without ever calming the device, so that it comes again at once.
 */
#include <stdatomic.h>

#include <microkit.h>

_Atomic uint64_t *storm_count;

void init(void)
{
    __asm__ volatile("msr cntp_cval_el0, xzr");
    __asm__ volatile("msr cntp_ctl_el0, %0" : : "r"(1ull));
}

void notified(microkit_channel ch)
{
    atomic_fetch_add(storm_count, 1);
    microkit_irq_ack(ch);
}
