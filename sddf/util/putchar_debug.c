/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Printing through the kernel's debug console, a line at a time, so that lines
 * of different components do not mix.  Silent where the kernel prints nothing.
 */
#include <sddf/util/printf.h>

#define LINE_MAX 256

static struct {
    char line[LINE_MAX];
    uint32_t len;
} state;

void sddf_putchar_flush(void)
{
    for (uint32_t i = 0; i < state.len; i++) {
        microkit_dbg_putc(state.line[i]);
    }
    state.len = 0;
}

void _sddf_putchar(char character)
{
    state.line[state.len++] = character;
    if (character == '\n' || state.len == LINE_MAX) {
        sddf_putchar_flush();
    }
}

void sddf_putchar_unbuffered(char character)
{
    sddf_putchar_flush();
    microkit_dbg_putc(character);
}

uint32_t sddf_putchar_lost(void)
{
    return 0;
}
