/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.c - the debug console.  Its system call exists in debug builds only;
 * elsewhere seL4_DebugPutChar() is empty and so, in effect, is this file.
 */
#include <assert.h>

#include <microkit.h>

#include "base/attr.h"

void microkit_dbg_putc(int c)
{
    seL4_DebugPutChar((char)c);
}

void microkit_dbg_puts(const char *s)
{
    for (; *s != '\0'; s++) {
        microkit_dbg_putc(*s);
    }
}

void microkit_dbg_put32(seL4_Uint32 x)
{
    char digits[11]; /* 2^32 has 10 */
    unsigned int i = sizeof(digits) - 1;

    digits[i] = '\0';
    do {
        digits[--i] = (char)('0' + x % 10);
        x /= 10;
    } while (x != 0);
    microkit_dbg_puts(&digits[i]);
}

void microkit_dbg_put8(seL4_Uint8 x)
{
    microkit_dbg_put32(x);
}

void microkit_internal_invalid(const char *function, seL4_Uint32 ch)
{
    microkit_dbg_puts(microkit_name);
    microkit_dbg_puts(" ");
    microkit_dbg_puts(function);
    microkit_dbg_puts(": invalid channel given '");
    microkit_dbg_put32(ch);
    microkit_dbg_puts("'\n");
}

/* Weak: a C library or the program may have its own. */
__attribute__((weak)) NORETURN void __assert_fail(const char *condition,
    const char *file, unsigned int line, const char *function)
{
    microkit_dbg_puts(microkit_name);
    microkit_dbg_puts("|assert failed: ");
    microkit_dbg_puts(condition);
    microkit_dbg_puts(" ");
    microkit_dbg_puts(file);
    microkit_dbg_puts(":");
    microkit_dbg_put32(line);
    microkit_dbg_puts(" ");
    microkit_dbg_puts(function);
    microkit_dbg_puts("\n");
    for (;;) {
        microkit_internal_crash(seL4_NoError);
    }
}
