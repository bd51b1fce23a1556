/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user_timer_none.c - for an architecture without a timer that user level could
 * program.  It leaves ABI_PD_USER_TIMER out of ARCH_PD_FLAGS.
 */
#include "kernel/core/arch.h"

void arch_user_timer_allow(bool on)
{
    (void)on;
}
