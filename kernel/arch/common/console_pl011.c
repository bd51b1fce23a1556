/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_pl011.c - the debug console is a PL011, for boards that say so.
 */
#include "base/pl011.h"
#include "kernel/core/arch.h"

const uint32_t arch_console_kind = ABI_CONSOLE_PL011;

static struct {
    uintptr_t uart; /* [I] 0: none */
} console;

void arch_console_init(const struct abi_table *table)
{
    console.uart = table->console_kind == ABI_CONSOLE_PL011
                       ? (uintptr_t)table->console
                       : 0;
}

void arch_console_putc(char c)
{
    if (console.uart != 0) {
        pl011_putc(console.uart, c);
    }
}
