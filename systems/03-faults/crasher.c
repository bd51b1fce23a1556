/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Crashes in a different way each time it starts.  Its memory survives a
 * restart, so it can count its starts.
 */
#include <microkit.h>

static unsigned int starts;
static int data[2];

/* Uses stack until there is none.  Recursion has no place in a real program. */
static unsigned int descend(unsigned int depth)
{
    volatile unsigned char frame[256];

    frame[0] = (unsigned char)depth;
    if (depth == 0xffffffff) {
        return 0;
    }
    return descend(depth + 1) + frame[0];
}

static void write_null(void)
{
    volatile int *volatile nowhere = 0;

    *nowhere = 1;
}

static void write_own_text(void)
{
    volatile unsigned int *text = (volatile unsigned int *)0x200000;

    *text = 0;
}

static void execute_data(void)
{
    void (*volatile function)(void) = (void (*)(void))(seL4_Word)data;

    function();
}

void init(void)
{
    starts++;
    microkit_dbg_puts("crasher: start ");
    microkit_dbg_put32(starts);
    switch (starts) {
    case 1:
        microkit_dbg_puts(", writing to address 0\n");
        write_null();
        break;
    case 2:
        microkit_dbg_puts(", an undefined instruction\n");
        __asm__ volatile("udf #0");
        break;
    case 3:
        microkit_dbg_puts(", overflowing the stack\n");
        (void)descend(starts);
        break;
    case 4:
        microkit_dbg_puts(", writing to its own program\n");
        write_own_text();
        break;
    case 5:
        microkit_dbg_puts(", executing data\n");
        execute_data();
        break;
    case 6:
        microkit_dbg_puts(", reading a register of the kernel's\n");
        __asm__ volatile("mrs x0, vbar_el1" : : : "x0");
        break;
    default:
        microkit_dbg_puts(", writing to address 0 again\n");
        write_null();
        break;
    }
    microkit_dbg_puts("crasher: still alive, which is a bug\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}
