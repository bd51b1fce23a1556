/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.c - see print.h.
 */
#include "loader/print.h"

#include "loader/console.h"

void print_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            console_putc('\r');
        }
        console_putc(*text);
    }
}

void print_hex(uint64_t value)
{
    uint32_t shift = 60;

    while (shift > 0 && value >> shift == 0) {
        shift -= 4;
    }
    print_text("0x");
    for (uint32_t left = shift + 4; left != 0; left -= 4) {
        console_putc("0123456789abcdef"[(value >> (left - 4)) & 0xf]);
    }
}
