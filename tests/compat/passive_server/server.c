/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers calls after it has given up its own time.
 */
#include <microkit.h>

void init(void)
{
    microkit_dbg_puts("SERVER|INFO: init function running\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
    microkit_dbg_puts("SERVER|ERROR: notified\n");
}

seL4_MessageInfo_t protected(microkit_channel ch, microkit_msginfo msginfo)
{
    (void)ch;
    if (microkit_msginfo_get_label(msginfo) == 1) {
        microkit_dbg_puts(
            "SERVER|INFO: running on clients scheduling context\n");
    } else {
        microkit_dbg_puts("SERVER|ERROR: unexpected label\n");
    }
    return seL4_MessageInfo_new(0, 0, 0, 0);
}
