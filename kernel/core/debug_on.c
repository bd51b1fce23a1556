/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * debug_on.c - debug output by the kernel's console: configuration debug.
 */
#include "kernel/core/arch.h"
#include "kernel/core/debug.h"

enum err debug_putc(char c)
{
    arch_console_putc(c);
    return ERR_OK;
}
