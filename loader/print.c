/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.c - see print.h.
 */
#include "loader/print.h"

#include "abi/table.h"
#include "base/mmio.h"

#define PL011_DR      0x000u
#define PL011_FR      0x018u
#define PL011_FR_TXFF (1u << 5)
#define PRINT_TRIES   1000000u

static struct {
    uintptr_t uart; /* 0: none */
} print;

void print_init(uint32_t console_kind, uint64_t address)
{
    print.uart = console_kind == ABI_CONSOLE_PL011 ? (uintptr_t)address : 0;
}

static void print_char(char c)
{
    if (print.uart == 0) {
        return;
    }
    for (uint32_t i = 0; i < PRINT_TRIES; i++) {
        if ((mmio_read32(print.uart, PL011_FR) & PL011_FR_TXFF) == 0) {
            break;
        }
    }
    mmio_write32(print.uart, PL011_DR, (uint8_t)c);
}

void print_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            print_char('\r');
        }
        print_char(*text);
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
        print_char("0123456789abcdef"[(value >> (left - 4)) & 0xf]);
    }
}
