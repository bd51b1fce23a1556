/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pmu_closed.c - debug and release: an access by user code is a fault.
 */
#include "kernel/arch/aarch64/pmu.h"

#include "kernel/arch/aarch64/cpu.h"
#include "kernel/arch/aarch64/sysreg.h"

void pmu_init(void)
{
    uint64_t counters = (cpu_pmcr() >> PMCR_N_SHIFT) & MDCR_HPMN_MASK;

    cpu_set_mdcr(counters | MDCR_DEBUG | MDCR_TPM | MDCR_TPMCR);
    cpu_set_pmuserenr(0);
    cpu_set_pmcr(0);
}
