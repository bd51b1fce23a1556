/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * monitor.c - the parent of every PD that has none: PD 0, priority 255.
 *
 * A PD whose parent is the monitor has nobody to restart it, so its fault is
 * its end.  The monitor says what happened (in the debug configuration) and
 * stops the PD, which lets go whoever waits for an answer from it; everybody
 * else goes on.
 */
#include <pride.h>

#include "sdk/monitor/report.h"

void init(void)
{
    report_start();
}

void notified(microkit_channel ch)
{
    /* The monitor has no channels. */
    (void)ch;
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)reply_msginfo;
    report_fault(child, msginfo);
    if (pride_pd_stop(child) != ERR_OK) {
        report_text("MON|ERROR: could not stop the PD\n");
    }
    return seL4_False;
}
