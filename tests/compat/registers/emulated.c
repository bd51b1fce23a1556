/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Executes an instruction that does not exist: x0 = x1 + x28.
 */
#include <stdint.h>

#include <microkit.h>

#define PARENT 3

static uint32_t starts;

static uint64_t add(uint64_t a, uint64_t b)
{
    register uint64_t sum __asm__("x0");
    register uint64_t first __asm__("x1") = a;
    register uint64_t second __asm__("x28") = b;

    __asm__ volatile("udf #0" : "=r"(sum) : "r"(first), "r"(second));
    return sum;
}

void init(void)
{
    starts++;
    microkit_dbg_puts("emulated: start ");
    microkit_dbg_put32(starts);
    microkit_dbg_puts("\n");
    if (starts > 1) {
        return;
    }

    uint64_t sum = add(40, 2);

    microkit_dbg_puts("emulated: 40 + 2 = ");
    microkit_dbg_put32((uint32_t)sum);
    microkit_dbg_puts("\n");
    microkit_notify(PARENT);
    microkit_dbg_puts("emulated: running again\n");
}

void notified(microkit_channel ch)
{
    microkit_dbg_puts("emulated: notified while stopped\n");
    microkit_notify(ch);
    microkit_dbg_puts("emulated: not reached\n");
}
