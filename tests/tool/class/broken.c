/* SPDX-License-Identifier: BSD-2-Clause */
/* The classes of a tool whose author made a mistake. */
#include "sdk/tool/class.h"

static const struct class_role client = { .kind = CLASS_CLIENT };
static const struct class_role *const roles[] = { &client, NULL };
static const struct class_section *const sections[] = { NULL };
static const struct class_step steps[] = { { .region = NULL } };

static const struct class broken = {
    .name = "broken",
    .drivers = "broken",
    .roles = roles,
    .sections = sections,
    .steps = steps,
};

const struct class *const class_all[] = { &broken, NULL };
