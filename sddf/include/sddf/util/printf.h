/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * printf.h - formatted output of components.
 *
 * Shape     sddf_printf() formats with base/fmt.h into _sddf_putchar(), which
 *           the program chooses by the library it links: libsddf_util.a sends
 *           through the serial class, libsddf_util_debug.a through the
 *           kernel's debug console.
 * Units     characters.
 * Errors    output that finds its queue full is lost and counted.
 * Source    names of sDDF 0.7.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/serial/queue.h>
#include <sddf/util/util.h>

#include "base/attr.h"

#ifdef CONFIG_DEBUG_BUILD
#define SDDF_DEBUG_BUILD  1
#define sddf_dprintf(...) ((void)sddf_printf(__VA_ARGS__))
#else
#define SDDF_DEBUG_BUILD  0
#define sddf_dprintf(...) ((void)0)
#endif

/** Where printed characters go; each of the two libraries has one. */
void _sddf_putchar(char character);

/** Sends one character to the Tx virtualiser at once. */
void sddf_putchar_unbuffered(char character);

/** Makes the rest of a line, not yet ended by '\n', visible. */
void sddf_putchar_flush(void);

/** Characters lost so far because the queue was full. */
uint32_t sddf_putchar_lost(void);

/** Tells the library which queue and channel to print to. */
void serial_putchar_init(
    sddf_channel serial_tx_ch, serial_queue_handle_t *serial_tx_queue_handle);

#define sddf_printf    sddf_printf_
#define sddf_sprintf   sddf_sprintf_
#define sddf_snprintf  sddf_snprintf_
#define sddf_vsnprintf sddf_vsnprintf_
#define sddf_vprintf   sddf_vprintf_

/** All return the length of the whole text. */
int sddf_printf_(const char *format, ...) PRINTF_LIKE(1, 2);
int sddf_vprintf_(const char *format, va_list va) PRINTF_LIKE(1, 0);
int sddf_sprintf_(char *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
int sddf_snprintf_(char *buffer, size_t count, const char *format, ...)
    PRINTF_LIKE(3, 4);
int sddf_vsnprintf_(char *buffer, size_t count, const char *format, va_list va)
    PRINTF_LIKE(3, 0);
int sddf_fctprintf(void (*out)(char character, void *arg), void *arg,
    const char *format, ...) PRINTF_LIKE(3, 4);
