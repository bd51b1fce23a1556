/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * os/sddf.h - the operations that device components ask of their system.
 *
 * Shape     inline wrappers over libmicrokit; on another system, or in a host
 *           test (tests/unit/fake/os/sddf.h), this one file is replaced.
 * Errors    those of libmicrokit: a wrong channel prints and does nothing.
 * Source    names of sDDF 0.7; sddf_stop() is ours.
 */
#pragma once

#include <stdint.h>

#include <microkit.h>
#include <sddf/resources/common.h>
#include <sel4/sel4.h>

#include "base/attr.h"

typedef microkit_channel sddf_channel;

/** This PD's name, as the system description has it. */
static inline char *sddf_get_pd_name(void)
{
    return microkit_name;
}

/** Lets the interrupt be delivered again. */
static inline void sddf_irq_ack(sddf_channel ch)
{
    microkit_irq_ack(ch);
}

/** The same when this handler returns, in one kernel entry with the wait. */
static inline void sddf_deferred_irq_ack(sddf_channel ch)
{
    microkit_deferred_irq_ack(ch);
}

/** Sets this PD's bit in the neighbour's notification word. */
static inline void sddf_notify(sddf_channel ch)
{
    microkit_notify(ch);
}

/** The same when this handler returns, in one kernel entry with the wait. */
static inline void sddf_deferred_notify(sddf_channel ch)
{
    microkit_deferred_notify(ch);
}

/** The channel of the deferred notification, or all ones. */
static inline unsigned int sddf_deferred_notify_curr(void)
{
    if (!microkit_have_signal) {
        return UINT32_MAX;
    }
    return (unsigned int)(microkit_signal_cap - BASE_OUTPUT_NOTIFICATION_CAP);
}

/** Calls the neighbour's protected() and waits for its answer. */
static inline microkit_msginfo sddf_ppcall(
    sddf_channel ch, microkit_msginfo msginfo)
{
    return microkit_ppcall(ch, msginfo);
}

static inline uint64_t sddf_get_mr(unsigned int n)
{
    return seL4_GetMR((int)n);
}

static inline void sddf_set_mr(unsigned int n, uint64_t value)
{
    seL4_SetMR((int)n, value);
}

/** Stops this PD with a fault: its parent, or the monitor, learns of it and
 *  decides what comes next. */
NORETURN static inline void sddf_stop(void)
{
    __builtin_trap();
}
