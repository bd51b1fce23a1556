/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assert.h - the C library's header, for target code built without one.
 *
 * Shape     searched last, so a real C library's header wins.
 * Errors    a false condition ends in __assert_fail(), which the program or
 *           libmicrokit defines.
 * Source    C11 7.2.
 */
#pragma once

#ifndef __cplusplus
#define static_assert _Static_assert
#endif

#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition)                                                      \
    ((condition) ? (void)0                                                     \
                 : __assert_fail(#condition, __FILE__, __LINE__, __func__))
#endif

/** Reports a failed assertion; does not return. */
void __assert_fail(const char *condition, const char *file, unsigned int line,
    const char *function) __attribute__((noreturn));
