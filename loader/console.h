/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.h - the debug UART of the board: console_KIND.c, whose kind board.xml names.
 *
 * Shape     one character at a time, polled.
 * Owner     the loader; firmware has set the UART up.
 * Trust     a UART that stays full loses characters, not the boot.
 */
#pragma once

#include <stdint.h>

/** Prints nothing from then on if the image has no console of this kind. */
void console_init(uint32_t kind, uint64_t address);
void console_putc(char c);
