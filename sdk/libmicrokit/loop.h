/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loop.h - the event loop of every PD.
 *
 * Shape     prepare once, then run for ever: wait for an event, and call the
 *           entry points that it is for.
 * Owner     the library.
 * Trust     kinds and ids come from the kernel.
 * Source    docs/manual.md, "Events".
 */
#pragma once

#include <microkit.h>

#include "base/attr.h"

/** Called once, between init() and the first event: acknowledges every interrupt
 *  of this PD, says so if it is passive. */
void loop_prepare(void);

/** Waits for events, one after the other, answers those that need an answer,
 *  and calls the program's entry points. */
NORETURN void loop_run(void);
