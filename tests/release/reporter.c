/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints on the UART itself (PL011: data register at offset 0), so that there
 * is something to see in every configuration.
 */
#include <stdint.h>

#include <microkit.h>

#include "tests/release/cycles.h"

/* Written by the tool. */
uintptr_t uart;

static void put(const char *text)
{
    for (; *text != '\0'; text++) {
        *(volatile uint32_t *)uart = (unsigned char)*text;
    }
}

void init(void)
{
    put("reporter: ready\n");
    put(cycles_text());
}

void notified(microkit_channel ch)
{
    put(ch == 1 ? "reporter: both calls were aborted\n"
                : "reporter: an answer from a dead server\n");
}
