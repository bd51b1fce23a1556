/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent of everything else: starts again what crashes, and tells others
 * how its children are.  A child is started again at most RESTARTS_MAX times
 * within a minute; the crash after that stops it: something is wrong that a
 * restart does not cure.
 */
#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <pride.h>
#include <sddf/util/arch_timestamp_counter.h>
#include <sddf/util/printf.h>

#include "systems/webserver/supervisor.h"

enum {
    CHILDREN = 8,
    RESTARTS_MAX = 5,
    WINDOW_S = 60,
    ENTRY = 0x200000, /* the first instruction of a program */
};

/* By child id, as webserver.system gives them. */
static const char names[CHILDREN][SUPERVISOR_NAME_SIZE] = {
    "net_copy_web",
    "web",
    "net_driver",
    "net_virt_rx",
    "net_virt_tx",
    "timer_driver",
    "serial_driver",
    "serial_virt_tx",
};

static struct {
    struct {
        uint64_t faults;
        uint64_t window_start; /* counter value */
        uint32_t restarts;     /* since then */
    } child[CHILDREN];
} state;

/* May the child be started once more? */
static bool has_credit(microkit_child child)
{
    uint64_t now = sddf_read_counter();
    uint64_t window = WINDOW_S * sddf_read_freq();

    if (now - state.child[child].window_start > window) {
        state.child[child].window_start = now;
        state.child[child].restarts = 0;
    }
    state.child[child].restarts++;
    return state.child[child].restarts <= RESTARTS_MAX;
}

void init(void)
{
}

void notified(microkit_channel ch)
{
    (void)ch;
}

/* Prints what happened, and where: `ip` is the instruction. */
static void tell_fault(const char *name, microkit_msginfo msginfo)
{
    seL4_Word kind = microkit_msginfo_get_label(msginfo);

    if (kind == seL4_Fault_VMFault) {
        (void)sddf_printf("supervisor: %s: memory fault, %s 0x%lx, ip 0x%lx\n",
            name,
            microkit_mr_get(seL4_VMFault_PrefetchFault) != 0
                ? "fetching an instruction at"
                : "loading or storing at",
            microkit_mr_get(seL4_VMFault_Addr),
            microkit_mr_get(seL4_VMFault_IP));
    } else if (kind == seL4_Fault_UserException) {
        (void)sddf_printf("supervisor: %s: exception, code 0x%lx, ip 0x%lx\n",
            name, microkit_mr_get(seL4_UserException_Code),
            microkit_mr_get(seL4_UserException_FaultIP));
    } else {
        (void)sddf_printf("supervisor: %s: fault of kind %lu\n", name, kind);
    }
}

/* Starts the child again or stops it; returns what was done. */
static const char *treat(microkit_child child)
{
    const char *done = "crashed too often and was stopped";

    if (has_credit(child)) {
        if (pride_pd_restart(child, ENTRY) == ERR_OK) {
            return "crashed and was started again";
        }
        done = "crashed, could not be started again and was stopped";
    }
    return pride_pd_stop(child) == ERR_OK
               ? done
               : "crashed and could not even be stopped";
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)reply_msginfo;
    if (child >= CHILDREN) {
        return seL4_False;
    }
    state.child[child].faults++;
    tell_fault(names[child], msginfo);
    const char *done = treat(child);
    (void)sddf_printf("supervisor: %s %s\n", names[child], done);
    return seL4_False; /* do not resume it where it was */
}

static uint64_t name_word(const char *name, unsigned index)
{
    uint64_t word = 0;

    for (unsigned i = 0; i < 8; i++) {
        word |= (uint64_t)(uint8_t)name[index * 8 + i] << (8 * i);
    }
    return word;
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
    struct pride_pd_info info;
    uint64_t child = microkit_mr_get(0);

    (void)ch;
    if (microkit_msginfo_get_label(msginfo) != SUPERVISOR_ASK ||
        microkit_msginfo_get_count(msginfo) != 1 || child >= CHILDREN ||
        pride_pd_info((microkit_child)child, &info) != ERR_OK) {
        return microkit_msginfo_new(SUPERVISOR_NONE, 0);
    }
    microkit_mr_set(SUPERVISOR_STATE, info.state);
    microkit_mr_set(SUPERVISOR_TICKS, info.ticks);
    microkit_mr_set(SUPERVISOR_STARTS, info.starts);
    microkit_mr_set(SUPERVISOR_SWITCHES, info.switches);
    microkit_mr_set(SUPERVISOR_FAULTS, state.child[child].faults);
    for (unsigned i = 0; i < SUPERVISOR_NAME_WORDS; i++) {
        microkit_mr_set(
            (uint8_t)(SUPERVISOR_NAME + i), name_word(names[child], i));
    }
    return microkit_msginfo_new(SUPERVISOR_OK, SUPERVISOR_WORDS);
}
