/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls the server that crashes, twice, and tells the reporter what came back.
 */
#include <pride.h>

#define SERVER  0
#define ABORTED 1
#define ANSWER  2

void init(void)
{
    for (int i = 0; i < 2; i++) {
        microkit_msginfo info =
            microkit_ppcall(SERVER, microkit_msginfo_new(0, 0));

        if (!pride_call_aborted(info)) {
            microkit_notify(ANSWER);
            return;
        }
    }
    microkit_notify(ABORTED);
}

void notified(microkit_channel ch)
{
    (void)ch;
}
