/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc_call.h - protected calls, as the rest of the kernel sees them.
 *
 * Shape     a PD in a call is PD_CALLING: queued, as a bit in the server's
 *           `callers`, or accepted, when the server's `client` names it.
 * Owner     the core.
 * Trust     the caller's registers were checked when the call was made.
 * Errors    none.
 */
#pragma once

#include "kernel/core/pd.h"

/** `server`, which has callers, accepts the one on the lowest channel. */
void ipc_call_accept_lowest(struct pd *server);
/** The caller goes on without a reply: ERR_STOPPED. */
void ipc_call_abort(struct pd *caller);
/** Withdraws the call that `pd` is in, if any: it will repeat the call. */
void ipc_call_cancel(struct pd *pd);
