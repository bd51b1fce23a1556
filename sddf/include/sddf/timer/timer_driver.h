/* SPDX-License-Identifier: BSD-2-Clause */
/* timer_driver.h - one include for drivers written to sDDF's names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sddf/timer/protocol.h>
#include <sddf/timer/timer_common.h>
#include <sddf/util/printf.h>
#include <sddf/util/util.h>
