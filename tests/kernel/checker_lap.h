/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checker_lap.h - fills the processor's registers and looks after them.
 *
 * Shape     two functions in assembly that know every register.
 * Errors    the number of registers that changed.
 */
#pragma once

#include <stdint.h>

/** Sets x2..x30, q0..q31, FPSR, NZCV and TPIDR_EL0 from `seed`, spins `spins` times
 *  and counts the registers that are not what they were. */
uint64_t checker_lap(uint64_t seed, uint64_t spins);

/** Overwrites every register of the same set, for ever. */
_Noreturn void checker_noise(void);
