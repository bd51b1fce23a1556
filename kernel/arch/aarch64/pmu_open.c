/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pmu_open.c - benchmark: every PD may use the performance monitor.
 *
 * As with seL4's kernel, the monitor is on and the cycle counter runs from the
 * start: programs that measure read it without starting it first.
 */
#include "kernel/arch/aarch64/pmu.h"

#include "kernel/arch/aarch64/cpu.h"
#include "kernel/arch/aarch64/sysreg.h"

#define PMUSERENR_ALL 0xfu

void pmu_init(void)
{
    uint64_t counters = (cpu_pmcr() >> PMCR_N_SHIFT) & MDCR_HPMN_MASK;

    cpu_set_mdcr(counters | MDCR_DEBUG);
    cpu_set_pmuserenr(PMUSERENR_ALL);
    cpu_set_pmcntenclr(PMCNTEN_ALL);
    cpu_set_pmcr(
        PMCR_ENABLE | PMCR_RESET_EVENTS | PMCR_RESET_CYCLES | PMCR_LONG_CYCLES);
    cpu_set_pmcntenset(PMCNTEN_CYCLES);
}
