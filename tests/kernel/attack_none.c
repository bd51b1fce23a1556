/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attack_none.c - the judge links the attack list but never attacks.
 */
#include "tests/kernel/attack_steps.h"

void step_overflow(uint64_t address)
{
    (void)address;
}
