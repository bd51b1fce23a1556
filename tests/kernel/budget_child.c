/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a PD can do to take all the time: compute for ever, or sleep with the
 * processor in its hands.  The twins share what is left; one of them tells the
 * judge when 200 ms are over.
 */
#include <microkit.h>
#include <pride.h>

#define JUDGE       1
#define SPANS_PER_S 5

static _Noreturn void sleep_for_ever(void)
{
    for (;;) {
        __asm__ volatile("wfi");
    }
}

static _Noreturn void spin_for_ever(void)
{
    for (;;) {
        __asm__ volatile("");
    }
}

static _Noreturn void spin_and_tell(void)
{
    uint64_t next = pride_ticks() + pride_ticks_per_second() / SPANS_PER_S;

    for (;;) {
        if (pride_ticks() >= next) {
            next += pride_ticks_per_second() / SPANS_PER_S;
            microkit_notify(JUDGE);
        }
    }
}

void init(void)
{
    switch (microkit_name[0]) {
    case 's': /* sleeper */
        sleep_for_ever();
    case 't': /* twin_a, twin_b */
        if (microkit_name[5] == 'a') {
            spin_and_tell();
        }
        break;
    default:
        break;
    }
    spin_for_ever();
}

void notified(microkit_channel ch)
{
    (void)ch;
}
