/* SPDX-License-Identifier: BSD-2-Clause */
/* sDDF's names over base/fmt.h. */
#include <limits.h>

#include <sddf/util/printf.h>

#include "base/fmt.h"

static void put_char(void *context, char c)
{
    (void)context;
    _sddf_putchar(c);
}

static int as_int(size_t len)
{
    return len > INT_MAX ? INT_MAX : (int)len;
}

int sddf_vprintf_(const char *format, va_list va)
{
    return as_int(fmt_emit(put_char, NULL, format, va));
}

int sddf_printf_(const char *format, ...)
{
    va_list va;

    va_start(va, format);
    int len = sddf_vprintf_(format, va);
    va_end(va);
    return len;
}

int sddf_vsnprintf_(char *buffer, size_t count, const char *format, va_list va)
{
    return as_int(fmt_vprint(buffer, count, format, va));
}

int sddf_snprintf_(char *buffer, size_t count, const char *format, ...)
{
    va_list va;

    va_start(va, format);
    int len = sddf_vsnprintf_(buffer, count, format, va);
    va_end(va);
    return len;
}

int sddf_sprintf_(char *buffer, const char *format, ...)
{
    va_list va;

    va_start(va, format);
    int len = sddf_vsnprintf_(buffer, INT_MAX, format, va);
    va_end(va);
    return len;
}

/* sDDF passes (character, argument), fmt_emit() (context, character). */
struct out_call {
    void (*out)(char character, void *arg);
    void *arg;
};

static void put_out(void *context, char c)
{
    const struct out_call *call = context;

    call->out(c, call->arg);
}

int sddf_fctprintf(
    void (*out)(char character, void *arg), void *arg, const char *format, ...)
{
    struct out_call call = { .out = out, .arg = arg };
    va_list va;

    va_start(va, format);
    size_t len = fmt_emit(put_out, &call, format, va);
    va_end(va);
    return as_int(len);
}
