/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.h - the debug UART.
 *
 * Shape     one character at a time, polled.
 * Owner     console.c; a PD may own the same UART, so nothing is configured
 *           here: firmware or the serial driver did.
 * Trust     the device may hang: waiting is bounded, then the character goes.
 * Errors    none.
 * Source    Arm PL011 (DDI 0183G) 3.3.
 */
#pragma once

#include <stdint.h>

/** Remembers the UART; kind ABI_CONSOLE_NONE prints nothing from then on. */
void console_init(uint32_t kind, uint64_t address);
