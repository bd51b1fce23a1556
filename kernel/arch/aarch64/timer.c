/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - the generic timer: the kernel keeps the EL2 physical timer (CNTHP)
 * for itself; user level reads the counters and, by permission, programs the
 * EL1 physical timer (CNTP).  Arm ARM D11.2.
 */
#include "kernel/arch/aarch64/timer.h"

#include "kernel/arch/aarch64/cpu.h"
#include "kernel/arch/aarch64/sysreg.h"
#include "kernel/core/arch.h"

#define CNTHP_CTL_ENABLE 1u
#define US_PER_S         1000000u

static struct {
    uint64_t frequency; /* [I] ticks per second, 32 bits wide */
} timer;

void timer_init(void)
{
    timer.frequency = cpu_cntfrq() & UINT32_MAX;
    if (timer.frequency == 0) {
        kernel_panic("CNTFRQ_EL0 is zero: firmware did not set it", 0, 0);
    }
    arch_timer_off();
    arch_user_timer_allow(false);
}

uint64_t arch_time_now(void)
{
    /* Without it the counter may be read early, before what is measured. */
    cpu_isb();
    return cpu_cntpct();
}

uint64_t arch_time_stamp(void)
{
    return cpu_cntpct();
}

uint64_t arch_time_from_us(uint32_t us)
{
    /* 32 by 32 bits: cannot overflow */
    return us * timer.frequency / US_PER_S;
}

void arch_timer_set(uint64_t deadline)
{
    cpu_set_cnthp_cval(deadline);
    cpu_set_cnthp_ctl(CNTHP_CTL_ENABLE);
}

void arch_timer_off(void)
{
    cpu_set_cnthp_ctl(0);
    /* The line is low before the interrupt controller is asked again. */
    cpu_isb();
}

void arch_user_timer_allow(bool on)
{
    cpu_set_cntkctl(CNTKCTL_COUNTERS | (on ? CNTKCTL_EL0PTEN : 0u));
}
