/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.h - the memory functions that the compiler and freestanding code call.
 *
 * Shape     the C standard's functions of the same names.
 * Units     bytes.
 * Owner     base/mem.c; programs with a C library use that library's.
 * Trust     the caller has checked both ranges.
 * Source    C11 7.24.
 *
 * No floating-point registers are used.  Memory mapped with cached="false" is
 * device memory and needs naturally aligned accesses: these functions keep to
 * them when both addresses have the same alignment modulo 8.
 */
#pragma once

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
