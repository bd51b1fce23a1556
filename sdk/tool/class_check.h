/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * class_check.h - finds mistakes in the tables of a device class.
 *
 * Shape     everything that a table points to is listed in its class; names
 *           are unique; every place lies inside its configuration and has the
 *           size of what is stored there; what a configuration holds belongs
 *           to the PD that is told; values fit; conditions agree.
 * Trust     tables are part of the tool; this makes a mistake in one a message.
 *           Tables that passed are safe to interpret.
 * Errors    a sentence that names the class and the table, or NULL.
 * Source    class.h.
 */
#pragma once

#include "sdk/tool/arena.h"
#include "sdk/tool/class.h"

/** The first mistake in one class, or NULL. */
const char *class_check(struct arena *arena, const struct class *class);

/** The first mistake in a list of classes, which ends with NULL, or NULL. */
const char *class_check_list(
    struct arena *arena, const struct class *const *list);
