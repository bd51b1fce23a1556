/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake.h - the fake machine, for tests that run the core on the host.
 *
 * Shape     one global struct fake: the clock moves when the test says so,
 *           interrupts are pending when the test says so.
 * Owner     the test; fake_reset() before each.
 * Errors    kernel_panic() ends in arch_halt(), which jumps back to the test
 *           if it set fake.catch_halt, else aborts.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernel/core/kernel.h"

#define FAKE_LINES 64u

struct fake {
    uint64_t now;
    uint64_t deadline; /* UINT64_MAX: off */
    uint64_t pending;  /* device interrupt lines, 0..63 */
    uint64_t active;   /* taken and not completed */
    uint64_t enabled;
    uint64_t idle_step; /* ticks that pass per arch_idle() */
    uint64_t idles;     /* calls of arch_idle() */
    uint64_t idle_wake; /* lines that fire after a long idle time */
    uint64_t vspace;
    bool fpu_on;
    uint64_t fpu_word; /* content of the one FPU */
    bool user_timer;
    bool slow_path;      /* the last call took the slow path */
    uint32_t timer_sets; /* writes to the comparator */
    char console[4096];
    uint32_t console_len;
    bool catch_halt;
    jmp_buf halted;
};

extern struct fake fake;
/** The kernel of the one core. */
extern struct kernel kernel;

/** Puts the machine into its first state. */
void fake_reset(void);

/** A system call of the PD whose registers are in `context`; returns the context
 *  of the PD that runs then. */
struct arch_context *fake_syscall(
    struct arch_context *context, uint32_t number);
