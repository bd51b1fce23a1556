/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judge_print.c - see judge_print.h.
 */
#include "tests/kernel/judge_print.h"

#include <microkit.h>

#include "base/fmt.h"

static void print_number(const char *name, uint64_t value, uint32_t base)
{
    char digits[FMT_NUMBER_MAX];

    fmt_number(digits, value, base);
    judge_text(name);
    microkit_dbg_puts(base == 16 ? "=0x" : "=");
    microkit_dbg_puts(digits);
}

void judge_line(const char *name, const char *text)
{
    microkit_dbg_puts("\n");
    microkit_dbg_puts(name);
    judge_text(text);
}

void judge_text(const char *text)
{
    microkit_dbg_puts("|");
    microkit_dbg_puts(text);
}

void judge_number(const char *name, uint64_t value)
{
    print_number(name, value, 10);
}

void judge_hex(const char *name, uint64_t value)
{
    print_number(name, value, 16);
}

void judge_end(void)
{
    microkit_dbg_puts("\n");
}
