/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notifies pong on two channels at a time and waits to be notified back.
 */
#include <microkit.h>

#define FIRST  1
#define SECOND 4
#define ROUNDS 3

static unsigned int rounds;

/* Deferred: both happen when the entry point returns, with one visit to the
 * kernel where it can be done.  None is lost, however many there are. */
static void notify_both(void)
{
    microkit_deferred_notify(SECOND);
    microkit_deferred_notify(FIRST);
}

void init(void)
{
    microkit_dbg_puts("ping: notifying on channels 4 and 1\n");
    notify_both();
}

void notified(microkit_channel ch)
{
    if (ch != SECOND) {
        return;
    }
    rounds++;
    microkit_dbg_puts("ping: round ");
    microkit_dbg_put32(rounds);
    microkit_dbg_puts(" complete\n");
    if (rounds < ROUNDS) {
        notify_both();
    } else {
        microkit_dbg_puts("ping: done\n");
    }
}
