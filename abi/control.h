/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.h - the control block: what a PD asks of the kernel without a system
 * call.
 *
 * Shape     three words at ABI_CONTROL_OFFSET of the PD's message page, each a
 *           mask over the PD's own channel ids.
 * Owner     the PD sets bits, the kernel takes them: it zeroes a word when it
 *           reads it.  Both happen on the same core.
 * Trust     a PD may write anything: the kernel ANDs with what the table allows
 *           and treats each bit like the system call it replaces; bits
 *           without a right have no effect.
 * Source    kernel/kernel.md, "Control block".
 */
#pragma once

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>

struct abi_control {
    /* Lazy notifications: delivered at the PD's next kernel entry of any kind.
     * Only for peers of lower priority (abi_pd.notify_lazy): they cannot run
     * before that entry, so nobody can tell the difference from a system call.
     * The PD sets bits atomically, because an interrupt may enter the kernel
     * between its load and its store. */
    _Atomic uint64_t notify_lazy;
    /* Carried out by ABI_SYS_WAIT and ABI_SYS_REPLY_WAIT. */
    uint64_t notify_at_wait;
    uint64_t ack_at_wait;
};

static_assert(sizeof(struct abi_control) == 24, "control block layout");
