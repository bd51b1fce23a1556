/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - start-up order, and the small things a PD switch changes.
 */
#include "kernel/arch/aarch64/console.h"
#include "kernel/arch/aarch64/cpu.h"
#include "kernel/arch/aarch64/gicv2.h"
#include "kernel/arch/aarch64/pmu.h"
#include "kernel/arch/aarch64/sysreg.h"
#include "kernel/arch/aarch64/timer.h"
#include "kernel/core/arch.h"

void arch_init(const struct abi_table *table)
{
    console_init(table->console_kind, table->console); /* first: epitaphs */
    pmu_init();
    timer_init();
    gicv2_init(table->irqchip[0], table->irqchip[1]);
}

void arch_vspace_switch(uint64_t vspace)
{
    /* Takes effect at eret; the kernel never touches user addresses. */
    cpu_set_vttbr(vspace);
}

void arch_fpu_enable(bool on)
{
    cpu_set_cptr(on ? CPTR_EL2_FPU_ON : CPTR_EL2_FPU_OFF);
}

void arch_halt(void)
{
    for (;;) {
        cpu_wfi();
    }
}
