/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.h - the loader's few lines on the debug UART.
 *
 * Shape     text and hexadecimal numbers, polled.
 * Owner     the loader; firmware has set the UART up.
 * Trust     a UART that stays full loses characters, not the boot.
 * Errors    none; without a UART nothing is printed.
 * Source    Arm PL011 (DDI 0183G) 3.3.
 */
#pragma once

#include <stdint.h>

/** Chooses the UART: enum abi_console and its address. */
void print_init(uint32_t console_kind, uint64_t address);
void print_text(const char *text);
void print_hex(uint64_t value);
