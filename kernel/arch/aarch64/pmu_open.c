/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pmu_open.c - benchmark: every PD may use the performance monitor.
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
    cpu_set_pmcr(0);
}
