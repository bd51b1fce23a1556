/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug_off.c - no debug output: configurations release and benchmark.
 */
#include "kernel/core/debug.h"

enum err debug_putc(char c)
{
    (void)c;
    return ERR_UNSUPPORTED;
}
