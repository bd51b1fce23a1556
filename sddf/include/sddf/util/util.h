/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * util.h - small things that device components share.
 *
 * Shape     macros and functions of sDDF's names, for sources written to it;
 *           ours prefer base/.
 * Errors    assert() stays in every configuration, for our own invariants.
 * Source    names of sDDF 0.7.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))
#endif
#ifndef ALIGN
#define ALIGN(x, align) (((x) + (align)-1) & ~((align)-1))
#endif
#ifndef BIT
#define BIT(nr) (1UL << (nr))
#endif
#ifndef BIT_MASK
#define BIT_MASK(start, end) ((BIT(((end) - (start)) + 1U) - 1U) << (start))
#endif
#ifndef likely
#define likely(x) __builtin_expect(!!(x), 1)
#endif
#ifndef unlikely
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif
#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__
#endif
#ifndef MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#endif
#ifndef ABS
#define ABS(x) ((x) < 0 ? -(x) : (x))
#endif
#ifndef ROUND_UP
#define ROUND_UP(n, d) ((((n) + (d)-1) / (d)) * (d))
#endif
#ifndef ROUND_DOWN
#define ROUND_DOWN(n, d) ((n) - ((n) % (d)))
#endif

static inline int sddf_isspace(int ch)
{
    return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

static inline int sddf_isdigit(int ch)
{
    return ch >= '0' && ch <= '9';
}

/** A decimal number with optional sign; stops at the first other character
 *  and saturates. */
int sddf_atoi(const char *str);
