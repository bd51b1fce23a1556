/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * generic_timer.h - the EL1 physical timer, as user level reaches it.
 *
 * Shape     one function per register.  The counter itself is read through
 *           sddf/util/arch_timestamp_counter.h.
 * Units     ticks of CNTPCT_EL0.
 * Owner     the PD that owns interrupt 30; the kernel lets no other program
 *           the comparator.
 * Source    Arm ARM D11.2.4, D13.8.16 (CNTP_CTL_EL0), D13.8.17
 *           (CNTP_CVAL_EL0).  tests/unit/fake has a stand-in.
 */
#pragma once

#include <stdint.h>

/** The interrupt is asserted while the counter is at or past `deadline`. */
static inline void generic_timer_arm(uint64_t deadline)
{
    __asm__ volatile("msr cntp_cval_el0, %0" : : "r"(deadline) : "memory");
    __asm__ volatile("msr cntp_ctl_el0, %0" : : "r"(UINT64_C(1)) : "memory");
    /* The interrupt line follows before anything after this instruction, such
     * as the acknowledge that unmasks it. */
    __asm__ volatile("isb" : : : "memory");
}

/** No interrupt. */
static inline void generic_timer_off(void)
{
    __asm__ volatile("msr cntp_ctl_el0, %0" : : "r"(UINT64_C(0)) : "memory");
    __asm__ volatile("isb" : : : "memory");
}
