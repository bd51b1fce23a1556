/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.c - prints a result on a PL011 by polling; see bench.h.
 * Arm PL011 TRM (DDI 0183), 3.3.1 and 3.3.3.
 */
#include "base/mmio.h"
#include "bench/primitives/bench.h"

#define PL011_DR      0x000u
#define PL011_FR      0x018u
#define PL011_FR_TXFF (1u << 5)

/* QEMU's FIFO drains in no time; a real one within this many reads. */
#define PATIENCE 1000000u

static void put(uintptr_t uart, char c)
{
    for (uint32_t i = 0; i < PATIENCE; i++) {
        if ((mmio_read32(uart, PL011_FR) & PL011_FR_TXFF) == 0) {
            break;
        }
    }
    mmio_write32(uart, PL011_DR, (uint32_t)(unsigned char)c);
}

static void put_text(uintptr_t uart, const char *text)
{
    for (; *text != '\0'; text++) {
        put(uart, *text);
    }
}

static void put_number(uintptr_t uart, uint64_t value)
{
    char digits[20];
    uint32_t n = 0;

    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (n > 0) {
        put(uart, digits[--n]);
    }
}

void bench_report(
    uintptr_t uart, const char *name, uint64_t operations, uint64_t ticks)
{
    put_text(uart, "BENCH ");
    put_text(uart, name);
    put(uart, ' ');
    put_number(uart, operations);
    put(uart, ' ');
    put_number(uart, ticks);
    put(uart, '\n');
}
