/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The noise: a PD of the checker's priority that overwrites all its registers
 * for ever, so that the kernel switches both at their time slices.
 */
#include <microkit.h>

#include "tests/kernel/checker_lap.h"

void init(void)
{
    checker_noise();
}

void notified(microkit_channel ch)
{
    (void)ch;
}
