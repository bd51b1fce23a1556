/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Restarts a crashing child nine times by upstream's means only: microkit.h and
 * the address at which microkit.ld links.
 */
#include <stdint.h>

#include <microkit.h>

static uint8_t faults;

void init(void)
{
    microkit_dbg_puts("restarter: starting\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)msginfo;
    (void)reply_msginfo;
    microkit_dbg_puts("restarter: received fault message for child pd: ");
    microkit_dbg_put8((uint8_t)child);
    microkit_dbg_puts("\n");
    faults++;
    if (faults < 10) {
        microkit_pd_restart(child, 0x200000);
        microkit_dbg_puts("restarter: restarted\n");
    } else {
        microkit_pd_stop(child);
        microkit_dbg_puts("restarter: too many restarts - PD stopped\n");
    }
    return seL4_False;
}
