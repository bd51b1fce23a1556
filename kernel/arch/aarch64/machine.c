/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.c - start-up order, and the small things a PD switch changes.
 */
#include "kernel/arch/aarch64/cpu.h"
#include "kernel/arch/aarch64/irqchip.h"
#include "kernel/arch/aarch64/pmu.h"
#include "kernel/arch/aarch64/sysreg.h"
#include "kernel/arch/aarch64/timer.h"
#include "kernel/core/arch.h"
#include "kernel/core/kernel.h"

/* kernel.ld puts it where the kernel stack ends, so that the entry code, which
 * loads the address for the stack pointer, has both at once. */
__attribute__((section(".bss.kernel_state"))) struct kernel kernel;

const struct kernel *arch_kernel(void)
{
    return &kernel;
}

void arch_init(const struct abi_table *table)
{
    pmu_init();
    timer_init();
    irqchip_init(table);
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
