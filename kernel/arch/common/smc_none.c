/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smc_none.c - for an architecture without secure monitor calls.  It leaves
 * ABI_PD_SMC out of ARCH_PD_FLAGS, so no PD gets here: ABI_SYS_SMC returns
 * ERR_RIGHT.
 */
#include "kernel/core/arch.h"

void arch_smc(uint64_t word[8])
{
    (void)word;
}
