/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pl011.h - prints on a PL011, for kernel and loader.
 *
 * Shape     one character at a time, polled.
 * Owner     the caller; a PD may own the same UART, so nothing is configured
 *           here: firmware or the serial driver did.
 * Trust     the device may hang: waiting is bounded, then the character is
 *           written anyway, and may be lost.
 * Source    Arm PL011 (DDI 0183G) 3.3.
 */
#pragma once

#include <stdint.h>

#include "base/mmio.h"

#define PL011_DR      0x000u
#define PL011_FR      0x018u
#define PL011_FR_TXFF (1u << 5)

/* One character takes about 90 us at 115200 baud. */
#define PL011_TRIES 1000000u

/** Prints `c` on the UART whose registers are at `uart`. */
static inline void pl011_putc(uintptr_t uart, char c)
{
    for (uint32_t i = 0; i < PL011_TRIES; i++) {
        if ((mmio_read32(uart, PL011_FR) & PL011_FR_TXFF) == 0) {
            break;
        }
    }
    mmio_write32(uart, PL011_DR, (uint8_t)c);
}
