/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.h - which notifications every PD must have received, worked out
 * from what the PDs did: none is lost, none comes twice, none is made up.
 *
 * Shape     the rig tells the model of every kernel entry before it happens and
 *           asks it afterwards; off until a test turns it on.
 * Owner     one global model, reset with the rig.
 * Errors    a difference fails the test at once.
 * Source    kernel/kernel.md, "Control block" and the calls.
 */
#pragma once

#include <stdint.h>

/** Off, nothing expected. */
void model_reset(void);
/** On from now; the system has just been booted. */
void model_start(void);
/** The running PD is about to enter the kernel. */
void model_entry(void);
/** It does so with this system call; its registers are set. */
void model_call(uint32_t number);
/** The kernel was left: every PD has what it must have. */
void model_check(void);
