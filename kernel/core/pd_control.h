/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pd_control.h - what a parent may do to its children: ABI_SYS_PD_CONTROL.
 *
 * Shape     one operation per call; arguments in the parent's registers and
 *           message page.
 * Owner     only the parent in the system table controls a PD; the monitor
 *           controls the PDs that have no other parent.
 * Trust     child id, operation and arguments are the parent's: checked.
 * Errors    ERR_CHILD, ERR_CALL, ERR_RANGE.
 * Source    kernel/kernel.md.
 */
#pragma once

#include "abi/err.h"
#include "kernel/core/kernel.h"

/** Carries out the operation in the registers of `parent`, which runs. */
MUST_USE enum err pd_control(struct kernel *k, struct pd *parent);
