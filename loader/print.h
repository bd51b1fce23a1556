/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * print.h - the loader's few lines on the debug console.
 *
 * Shape     text and hexadecimal numbers.
 * Owner     the loader.
 */
#pragma once

#include <stdint.h>

void print_text(const char *text);
void print_hex(uint64_t value);
