/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_pl011.c - the debug console is a PL011, for boards that say so.
 */
#include "abi/table.h"
#include "base/pl011.h"
#include "loader/console.h"

static struct {
    uintptr_t uart; /* 0: none */
} console;

void console_init(uint32_t kind, uint64_t address)
{
    console.uart = kind == ABI_CONSOLE_PL011 ? (uintptr_t)address : 0;
}

void console_putc(char c)
{
    if (console.uart != 0) {
        pl011_putc(console.uart, c);
    }
}
