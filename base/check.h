/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - our own invariants.
 *
 * Shape     CHECK(x) stays in every build; ASSERT(x) is for debug builds and
 *           tests, and costs nothing elsewhere.
 * Trust     never on anything that a peer, packet, device or guest controls.
 * Errors    a false condition calls check_failed(), which stops the domain.
 *           Each program links one: sddf/util/check.c, the kernel's, a test's.
 * Source    no outside document.
 */
#pragma once

#include "base/attr.h"

/** Says what broke and stops this program. */
NORETURN void check_failed(const char *what, const char *file, int line);

#define CHECK(x) ((x) ? (void)0 : check_failed(#x, __FILE__, __LINE__))

#ifdef CONFIG_DEBUG_BUILD
#define ASSERT(x) CHECK(x)
#else
#define ASSERT(x) ((void)sizeof(!(x)))
#endif
