/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * no_fpu.c - a PD with fpu="false" that computes with vectors all the same.
 */
#include <microkit.h>

#include "tests/kernel/attack_steps.h"

/* attack_steps.S has the attacks of the attacker, too. */
void step_overflow(uint64_t address)
{
    (void)address;
}

void init(void)
{
    step_fpu(0);
}

void notified(microkit_channel ch)
{
    (void)ch;
}
