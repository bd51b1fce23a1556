/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pride.h - what Pride offers beyond microkit.h.
 *
 * Shape     a few functions; a source that includes this file no longer
 *           compiles against the seL4 Microkit.
 * Units     kernel counter ticks; the rate is CNTFRQ.
 * Owner     the calling PD.
 * Trust     child ids are checked by the kernel.
 * Errors    enum err; *info is untouched on error.
 * Source    abi/syscall.h, docs/manual.md.
 */
#pragma once

#include <microkit.h>
#include <pride/time.h>

#include "abi/err.h"
#include "base/attr.h"

/* What the kernel knows about a child. */
struct pride_pd_info {
    seL4_Uint64 ticks;    /* processor time used since boot */
    seL4_Uint64 starts;   /* 1, and 1 more for each restart */
    seL4_Uint64 switches; /* times it was switched to */
    seL4_Uint32 state;    /* ABI_STATE_* */
};

/** Asks about the calling PD's own child.  ERR_CHILD if it has no such. */
MUST_USE enum err pride_pd_info(
    microkit_child child, struct pride_pd_info *info);

/** True if `info`, returned by microkit_ppcall(), is not an answer: the callee
 *  was stopped, restarted or can never answer.  Message words are then
 *  meaningless. */
static inline seL4_Bool pride_call_aborted(microkit_msginfo info)
{
    return seL4_MessageInfo_get_label(info) == ABI_LABEL_ABORTED;
}

/** Starts `child` afresh at `entry`, like microkit_pd_restart(), but tells the
 *  caller when that was not possible. */
MUST_USE enum err pride_pd_restart(microkit_child child, seL4_Word entry);

/** Stops `child`, like microkit_pd_stop(), but tells the caller when that was
 *  not possible. */
MUST_USE enum err pride_pd_stop(microkit_child child);

/** Lets a stopped `child` go on, like microkit_pd_resume(), but tells the
 *  caller when that was not possible. */
MUST_USE enum err pride_pd_resume(microkit_child child);
