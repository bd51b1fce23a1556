/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_rig.h - builds systems for the kernel core on the fake architecture,
 * drives them, and checks every invariant after each kernel entry.
 *
 * Shape     rig_reset(); rig_pd()...; rig_channel()...; rig_boot(); then act as
 *           whichever PD runs.
 * Owner     one global rig; tests run one after the other.
 * Errors    a broken invariant fails the test at once.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/arch/fake/fake.h"
#include "kernel/core/kernel.h"

#define RIG_PDS  254u
#define RIG_IRQS 64u

struct rig_blob {
    struct abi_table table;
    struct abi_pd pd[RIG_PDS];
    struct abi_irq irq[RIG_IRQS];
    uint16_t line[FAKE_LINES];
};

extern struct rig_blob rig;

/** An empty system with a monitor as PD 0. */
void rig_reset(void);
/** Adds a root PD; returns its index. */
uint16_t rig_pd(const char *name, uint8_t priority, uint8_t flags);
/** Gives a PD a budget smaller than its period (microseconds = ticks). */
void rig_budget(uint16_t pd, uint32_t budget, uint32_t period);
/** Makes `child` a child of `parent` with this id. */
void rig_child(uint16_t parent, uint16_t id, uint16_t child);
/** Joins two ends; the flags are those of the owner's entry. */
void rig_channel(uint16_t a, uint8_t a_id, uint8_t a_flags, uint16_t b,
    uint8_t b_id, uint8_t b_flags);
/** Gives `pd` the interrupt `number` on channel `id`. */
void rig_irq(uint16_t pd, uint8_t id, uint32_t number);
/** Computes hash and sizes without booting. */
void rig_seal(void);
/** Seals and boots. */
void rig_boot(void);

/** The running PD's index, or ABI_PD_NONE. */
uint16_t rig_running(void);
/** Register of PD `pd`. */
uint64_t rig_reg(uint16_t pd, uint32_t n);
/** The control block of PD `pd`. */
struct abi_control *rig_control(uint16_t pd);
/** PD `pd`, which must run, makes a system call with registers 0, 1, 2, 3; of a
 *  call on a channel, r0 is that channel. */
void rig_call(uint16_t pd, uint32_t number, uint64_t r0, uint64_t r1,
    uint64_t r2, uint64_t r3);
/** PD `pd`, which must run, faults. */
void rig_fault(uint16_t pd, uint32_t label, uint64_t word0);
/** PD `pd`, which must run, touches the FPU and leaves `word` in it. */
void rig_fpu(uint16_t pd, uint64_t word);
/** A device interrupt becomes pending and is taken. */
void rig_interrupt(uint32_t number);
/** The running PD computes for `ticks`; the comparator fires on the way. */
void rig_run(uint64_t ticks);
/** Lets every PD above `priority` begin to wait, highest first. */
void rig_settle(uint8_t priority);
/** Checks every invariant; called by all of the above. */
void rig_check(void);
/** Message info. */
uint64_t rig_info(uint64_t label, uint64_t length);
