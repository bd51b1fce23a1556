/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * str.h - NUL-terminated strings for code without a C library.
 *
 * Shape     the C standard's functions of the same names, plus the bounded
 *           ones, which are the ones for strings that come from outside.
 * Units     bytes.
 * Trust     unbounded functions only for strings we wrote ourselves.
 * Source    C11 7.24; POSIX strnlen.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
char *strchr(const char *s, int c);
char *strcpy(char *restrict to, const char *restrict from);
char *strncpy(char *restrict to, const char *restrict from, size_t max);
char *strcat(char *restrict to, const char *restrict from);

/** Copies `from`, at most `size - 1` bytes, and always terminates.  Returns
 *  whether everything fitted.  `size` is at least 1. */
bool str_copy(char *to, size_t size, const char *from);
