/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loop.h - the event loop of every PD.
 *
 * Shape     prepare once, then step for ever; one step is one wait and the
 *           entry points that its event calls for.
 * Owner     the library.
 * Trust     kinds and ids come from the kernel.
 * Errors    none.
 * Source    docs/manual.md, "Events".
 */
#pragma once

#include <stdbool.h>

#include <microkit.h>

#include "base/attr.h"

/* What one step leaves to the next. */
struct loop {
    bool owes; /* the next wait answers the last event, with `reply` */
    microkit_msginfo reply;
};

/** Called once, between init() and the first step: acknowledges every interrupt
 *  of this PD, says so if it is passive. */
void loop_prepare(void);

/** Waits for one event, after answering the last one if an answer is owed, and
 *  calls the program's entry points. */
void loop_step(struct loop *loop);

/** Steps for ever. */
NORETURN void loop_run(void);
