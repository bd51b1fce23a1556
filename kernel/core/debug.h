/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug.h - user-level debug output, in configurations that have it.
 *
 * Shape     debug_on.c or debug_off.c, chosen by the build.
 * Trust     any character may be printed.
 * Errors    ERR_UNSUPPORTED where there is no debug output.
 */
#pragma once

#include "abi/err.h"
#include "base/attr.h"

/** Prints one character of a PD. */
MUST_USE enum err debug_putc(char c);
