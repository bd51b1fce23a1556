/* SPDX-License-Identifier: BSD-2-Clause */
/* generic_timer.h - in place of the driver's: the test is the comparator. */
#pragma once

#include <stdint.h>

void generic_timer_arm(uint64_t deadline);
void generic_timer_off(void);
