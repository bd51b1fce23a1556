/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attr.h - compiler attributes and small helpers every part may use.
 */
#pragma once

#define MUST_USE          __attribute__((warn_unused_result))
#define NORETURN          __attribute__((noreturn))
#define PRINTF_LIKE(a, b) __attribute__((format(printf, a, b)))
#define ARRAY_LEN(a)      (sizeof(a) / sizeof((a)[0]))
