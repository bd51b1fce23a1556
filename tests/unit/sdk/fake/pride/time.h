/* SPDX-License-Identifier: BSD-2-Clause */
/* time.h - the counter, as functions that a test implements. */
#pragma once

#include <stdint.h>

uint64_t pride_ticks(void);
uint64_t pride_ticks_per_second(void);
