/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attacker: at each start it commits the attack the judge chose.  The
 * number ATTACK_STORM means to keep the kernel busy until the next restart.
 */
#include <stddef.h>

#include <microkit.h>

#include "tests/kernel/attack_list.h"
#include "tests/kernel/attack_steps.h"
#include "tests/kernel/mission.h"

#define JUDGE 1

static struct mission *mission(void)
{
    return (struct mission *)(uintptr_t)ATTACK_MISSION;
}

/* Each level writes a page, so that no page below the stack is skipped. */
static uint64_t stack_eater(uint64_t depth)
{
    volatile uint64_t page[64];

    page[depth % 64] = depth;
    if (depth == UINT64_MAX) {
        return 0;
    }
    return stack_eater(depth + 1) + page[depth % 64];
}

void step_overflow(uint64_t address)
{
    atomic_store(&mission()->result, stack_eater(address));
}

static uint64_t fault_ip(const struct attack *attack)
{
    if (attack->kind == ATTACK_EXECUTE || attack->kind == ATTACK_JUMP) {
        return attack->address;
    }
    return attack->at != NULL ? (uint64_t)(uintptr_t)attack->at
                              : (uint64_t)(uintptr_t)attack->run;
}

/* Dies in another way each time, with calls and vector registers in between. */
static void storm(uint64_t round)
{
    step_fpu(0);
    microkit_notify(JUDGE);
    switch (round % 4) {
    case 0:
        step_udf(0);
        break;
    case 1:
        step_read(0);
        break;
    case 2:
        step_jump(round);
        break;
    default:
        step_overflow(0);
        break;
    }
}

void init(void)
{
    uint64_t number = atomic_load(&mission()->number);

    if (number >= attack_count) {
        storm(number);
        return;
    }
    const struct attack *attack = &attack_list[number];
    atomic_store(&mission()->ip, fault_ip(attack));
    atomic_store(&mission()->address, attack->address);
    attack->run(attack->address);
    atomic_store(&mission()->result, number + 1);
    microkit_notify(JUDGE);
}

void notified(microkit_channel ch)
{
    (void)ch;
}
