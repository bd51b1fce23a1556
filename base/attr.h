/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attr.h - compiler attributes and small helpers every part may use.
 */
#pragma once

#define MUST_USE          __attribute__((warn_unused_result))
#define NORETURN          __attribute__((noreturn))
#define PRINTF_LIKE(a, b) __attribute__((format(printf, a, b)))
/* Not merged into its callers, so that each has only the frame it needs. */
#define NOINLINE __attribute__((noinline))
/* Merged into its callers, whatever the compiler thinks of its size: on the few
 * paths where each instruction was counted. */
#define ALWAYS_INLINE __attribute__((always_inline)) static inline
/* A path that is seldom taken: kept out of its callers, who stay short. */
#define COLD         __attribute__((noinline, cold))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
