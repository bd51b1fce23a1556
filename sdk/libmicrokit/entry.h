/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.h - entering the kernel to wait, with everything that was deferred.
 *
 * Shape     two functions: wait, and reply then wait.
 * Owner     the library's loop is the only caller.
 * Trust     the event's message words come from a peer.
 * Errors    none: a deferred operation was checked when it was deferred.
 * Source    abi/call.h.
 *
 * This is the place to change when a kernel takes the deferred operations from
 * the PD's control block (ABI_CONTROL_OFFSET): entry_flush() then has nothing
 * left to do.  Now each operation is a kernel call of its own, made before the
 * wait, interrupts first, lowest id first.
 */
#pragma once

#include <microkit.h>

/** Carries out every deferred operation; none is lost. */
void entry_flush(void);

/** Waits for the next event. */
void entry_wait(struct pride_event *event);

/** Answers the last event with `info` and the message words, then waits. */
void entry_reply_wait(microkit_msginfo info, struct pride_event *event);
