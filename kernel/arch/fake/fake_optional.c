/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_optional.c - the optional parts of arch.h on the fake machine.
 */
#include "kernel/arch/fake/fake.h"

void arch_fpu_enable(bool on)
{
    fake.fpu_on = on;
}

void arch_fpu_save(struct arch_fpu *fpu)
{
    if (!fake.fpu_on) {
        kernel_panic("fake: fpu saved while off", 0, 0);
    }
    fpu->word = fake.fpu_word;
}

void arch_fpu_restore(const struct arch_fpu *fpu)
{
    if (!fake.fpu_on) {
        kernel_panic("fake: fpu restored while off", 0, 0);
    }
    fake.fpu_word = fpu->word;
}

void arch_user_timer_allow(bool on)
{
    fake.user_timer = on;
}

void arch_smc(uint64_t word[8])
{
    for (uint32_t i = 0; i < 8; i++) {
        word[i] = ~word[i];
    }
}
