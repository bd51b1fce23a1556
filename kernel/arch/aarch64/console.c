/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c - prints on a PL011, the only kind so far.
 */
#include "kernel/arch/aarch64/console.h"

#include "base/mmio.h"
#include "kernel/core/arch.h"

#define PL011_DR      0x000u
#define PL011_FR      0x018u
#define PL011_FR_TXFF (1u << 5)

/* One character takes about 90 us at 115200 baud. */
#define CONSOLE_TRIES 1000000u

static struct {
    uintptr_t uart; /* [I] 0: none */
} console;

void console_init(uint32_t kind, uint64_t address)
{
    console.uart = kind == ABI_CONSOLE_PL011 ? (uintptr_t)address : 0;
}

void arch_console_putc(char c)
{
    if (console.uart == 0) {
        return;
    }
    for (uint32_t i = 0; i < CONSOLE_TRIES; i++) {
        if ((mmio_read32(console.uart, PL011_FR) & PL011_FR_TXFF) == 0) {
            break;
        }
    }
    mmio_write32(console.uart, PL011_DR, (uint8_t)c);
}
