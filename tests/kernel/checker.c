/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checker: an innocent neighbour.  Lap after lap it fills every register it
 * has and a region of its own with a pattern, computes for a while, and looks
 * whether all of it is still there.  It tells the judge after each lap.
 */
#include <microkit.h>

#include "tests/kernel/checker_lap.h"
#include "tests/kernel/mission.h"

#define JUDGE        1
#define SECRET_WORDS (0x1000 / sizeof(uint64_t))
#define SPINS        100000

struct health *checker_health;
uint64_t *checker_secret;

static void error(void)
{
    atomic_fetch_add(&checker_health->errors, 1);
}

static void lap(uint64_t seed)
{
    for (uint64_t i = 0; i < SECRET_WORDS; i++) {
        checker_secret[i] = seed * (i + 1);
    }
    if (checker_lap(seed, SPINS) != 0) {
        error();
    }
    for (uint64_t i = 0; i < SECRET_WORDS; i++) {
        if (checker_secret[i] != seed * (i + 1)) {
            error();
        }
    }
}

void init(void)
{
    for (uint64_t seed = 1;; seed += 0x9e3779b97f4a7c15u) {
        atomic_fetch_add(&checker_health->laps, 1);
        lap(seed);
        microkit_notify(JUDGE);
    }
}

void notified(microkit_channel ch)
{
    (void)ch;
}
