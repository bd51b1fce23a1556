/* SPDX-License-Identifier: BSD-2-Clause */
/* Uses a region of 512 MiB for which the description names no address: one word
 * in each 2 MiB, and the last one. */
#include <stdint.h>

#include <microkit.h>

#define STEP 0x200000u

/* Filled in by the tool. */
uintptr_t large;
uint64_t large_size;

static uint64_t wrong_words(uint64_t size, uint64_t mark)
{
    volatile uint64_t *word = (volatile uint64_t *)large;
    uint64_t wrong = 0;

    for (uint64_t at = 0; at < size; at += STEP) {
        uint64_t first = at / sizeof(*word);
        uint64_t last = first + STEP / sizeof(*word) - 1;

        wrong += word[first] != mark * at;
        wrong += word[last] != mark * (at + 1);
        word[first] = at;
        word[last] = at + 1;
    }
    return wrong;
}

void init(void)
{
    microkit_dbg_puts("large: MiB: ");
    microkit_dbg_put32((uint32_t)(large_size >> 20));
    microkit_dbg_puts("\nlarge: words that are not zero: ");
    microkit_dbg_put32((uint32_t)wrong_words(large_size, 0));
    microkit_dbg_puts("\nlarge: words that were lost: ");
    microkit_dbg_put32((uint32_t)wrong_words(large_size, 1));
    microkit_dbg_puts("\nlarge: done\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
