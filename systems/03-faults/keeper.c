/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent: is told of each fault of its children, restarts them a number of
 * times, and stops a child that faults more often than that.
 */
#include <pride.h>

#define CRASHER 1
#define FRESH   2
#define SERVER  3

/* Where the SDK's link script puts a program's first instruction. */
#define ENTRY 0x200000

static const seL4_Uint32 patience[] = {
    [CRASHER] = 6,
    [FRESH] = 3,
    [SERVER] = 1,
};

static const char *fault_words(microkit_msginfo msginfo)
{
    switch (microkit_msginfo_get_label(msginfo)) {
    case seL4_Fault_VMFault:
        return microkit_mr_get(seL4_VMFault_PrefetchFault) != 0
                   ? "memory fault, fetching an instruction"
                   : "memory fault, loading or storing";
    case seL4_Fault_UserException:
        return "exception";
    default:
        return "another fault";
    }
}

void init(void)
{
    microkit_dbg_puts("keeper: starting\n");
}

void notified(microkit_channel ch)
{
    (void)ch;
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    struct pride_pd_info info;

    (void)reply_msginfo;
    microkit_dbg_puts("keeper: child ");
    microkit_dbg_put32(child);
    microkit_dbg_puts(": ");
    microkit_dbg_puts(fault_words(msginfo));
    microkit_dbg_puts("\n");

    if (pride_pd_info(child, &info) != ERR_OK ||
        info.starts > patience[child]) {
        microkit_pd_stop(child);
        microkit_dbg_puts("keeper: stopped\n");
    } else {
        microkit_pd_restart(child, ENTRY);
        microkit_dbg_puts("keeper: restarted\n");
    }

    /* True would mean: resume the child where it was. */
    return seL4_False;
}
