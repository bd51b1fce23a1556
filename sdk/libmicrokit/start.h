/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.h - what crt0 calls.
 *
 * Shape     one function.
 * Owner     the PD.
 * Source    docs/design/interfaces.md.
 */
#pragma once

#include "base/attr.h"

/** Runs the program: fresh memory, constructors, init(), then events. */
NORETURN void start_main(void);
