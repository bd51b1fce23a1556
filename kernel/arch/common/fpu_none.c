/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fpu_none.c - for an architecture without an FPU, or whose FPU no PD may use:
 * its arch_types.h includes fpu_none.h and leaves ABI_PD_FPU out of
 * ARCH_PD_FLAGS.
 */
#include "kernel/core/arch.h"

void arch_fpu_enable(bool on)
{
    (void)on;
}

void arch_fpu_save(struct arch_fpu *fpu)
{
    (void)fpu;
}

void arch_fpu_restore(const struct arch_fpu *fpu)
{
    (void)fpu;
}
