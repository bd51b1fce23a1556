/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A child with reinit="true": whatever it did to its memory, it starts with the
 * values in its program file.
 */
#include <microkit.h>

static volatile unsigned int counter = 41; /* .data */
static volatile unsigned int zeroed[1000]; /* .bss */

void init(void)
{
    volatile int *volatile nowhere = 0;

    counter++;
    microkit_dbg_puts("fresh: counter ");
    microkit_dbg_put32(counter);
    microkit_dbg_puts(", last word ");
    microkit_dbg_put32(zeroed[999]);
    microkit_dbg_puts("\n");
    zeroed[999] = counter;
    *nowhere = 1;
}

void notified(microkit_channel ch)
{
    (void)ch;
}
