/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints what the tool wrote into these variables, and looks whether the memory
 * behind them is there and zero.
 */
#include <stdint.h>

#include <microkit.h>

uint64_t with_vaddr;
uint64_t with_size;
uint64_t with_paddr;
uint64_t small_paddr;
uint64_t large_paddr;
uint64_t pl011_paddr;

static void put_address(const char *name, uint64_t address)
{
    microkit_dbg_puts(name);
    microkit_dbg_put32((uint32_t)address);
    microkit_dbg_puts("\n");
}

/* Whether every word of the range is zero, and keeps what is written. */
static void check_memory(const char *name, uint64_t base, uint64_t size)
{
    volatile uint64_t *word = (volatile uint64_t *)base;
    uint64_t wrong = 0;

    for (uint64_t i = 0; i < size / sizeof(*word); i++) {
        wrong += word[i] != 0;
        word[i] = i;
    }
    for (uint64_t i = 0; i < size / sizeof(*word); i++) {
        wrong += word[i] != i;
    }
    microkit_dbg_puts(name);
    microkit_dbg_puts(wrong == 0 ? ": good\n" : ": BAD\n");
}

void init(void)
{
    put_address("Virtual address of 'mr_with_paddr': ", with_vaddr);
    put_address("Size of 'mr_with_paddr': ", with_size);
    put_address("Physical address of 'mr_with_paddr': ", with_paddr);
    put_address("Physical address of 'small_mr_no_paddr': ", small_paddr);
    put_address("Physical address of 'large_mr_no_paddr': ", large_paddr);
    put_address("Physical address of 'pl011_paddr': ", pl011_paddr);
    microkit_dbg_puts(
        large_paddr % 0x200000 == 0 ? "aligned\n" : "NOT aligned\n");
    check_memory("with_paddr", with_vaddr, with_size);
    check_memory("small", 0x30000000, 0x1000);
    check_memory("large", 0x40000000, 0x200000);
}

void notified(microkit_channel ch)
{
    (void)ch;
}
