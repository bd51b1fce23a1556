/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.h - the free-running counter, readable by every PD.
 *
 * Shape     inline functions, one instruction each.
 * Units     counter ticks.
 * Owner     the hardware.
 * Source    Arm Architecture Reference Manual, D13.8: CNTVCT_EL0, CNTFRQ_EL0.
 */
#pragma once

#include <stdint.h>

/** Ticks since some time before boot.  Never goes back. */
static inline uint64_t pride_ticks(void)
{
    uint64_t ticks;

    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
    return ticks;
}

/** Ticks per second. */
static inline uint64_t pride_ticks_per_second(void)
{
    uint64_t rate;

    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(rate));
    return rate;
}
