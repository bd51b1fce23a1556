/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.c - the memory functions that compilers call, for programs that bring
 * none: base's, as weak symbols, so that any other definition wins.
 */
#pragma weak memcpy
#pragma weak memmove
#pragma weak memset
#pragma weak memcmp

#include "base/mem.c"
