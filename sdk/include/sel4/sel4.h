/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sel4.h - the slice of libsel4 that Microkit and sDDF sources use.
 *
 * Shape     includes the parts; no more than docs/manual.md lists.
 * Trust     see the parts.
 * Errors    see the parts.
 * Source    libsel4's public interface.
 */
#pragma once

#include <kernel/gen_config.h>
#include <sel4/arch/types.h>
#include <sel4/benchmark.h>
#include <sel4/constants.h>
#include <sel4/errors.h>
#include <sel4/functions.h>
#include <sel4/shared_types.h>
#include <sel4/simple_types.h>
#include <sel4/syscalls.h>
