/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * class_check_parts.h - what the checks of a class's tables have in common;
 * private to the class_check*.c files.
 *
 * Shape     struct class_checker goes from check to check; the first mistake is
 *           kept, later ones are not recorded.
 * Trust     tables may hold anything that the compiler accepts, but lists end
 *           as they must.
 */
#pragma once

#include "base/attr.h"
#include "sdk/tool/arena.h"
#include "sdk/tool/class_table.h"

struct class_checker {
    struct arena *arena;
    const struct class *class;
    const char *table;   /* what is being checked, for the message */
    const char *mistake; /* the first one, or NULL */
};

/* What a place must be like. */
struct class_wanted {
    const struct class_role *role; /* whose configuration; NULL: anybody's */
    uint32_t size;                 /* of what is stored; 0: any */
    bool per_client;               /* of the table that has the place */
    const struct class_attribute *when; /* the condition of that table */
};

/** Says what is being checked from now on. */
void class_check_at(struct class_checker *check, const char *format, ...)
    PRINTF_LIKE(2, 3);

/** Records a mistake unless `good`, or unless there is one already.  True if
 *  there is none. */
bool class_check_need(struct class_checker *check, bool good,
    const char *format, ...) PRINTF_LIKE(3, 4);

/** Names of generated things have one %s if made per client, else none. */
bool class_check_pattern(const char *text, bool per_client);

/** A value must be a number of at most `size` bytes. */
void class_check_value(struct class_checker *check,
    const struct class_value *value, bool single, uint32_t size);

/** A place must be inside what it is in, and as wanted. */
void class_check_place(struct class_checker *check,
    const struct class_place *place, const struct class_wanted *wanted);

/** One step, and what it makes (class_check_steps.c). */
void class_check_step(struct class_checker *check, uint32_t index);
