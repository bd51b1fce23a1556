/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of an event: what waited goes on, and the neighbours hear of it.
 */
#include "lions/net/glue.h"

#include <sddf/util/state.h>

#include "lions/net/timers.h"

/* Signals a neighbour when we return, or at once if another signal already
 * waits for that (the Microkit can defer only one). */
static void signal(sddf_channel ch)
{
    unsigned int deferred = sddf_deferred_notify_curr();

    if (deferred == UINT32_MAX) {
        sddf_deferred_notify(ch);
    } else if (deferred != ch) {
        sddf_notify(ch);
    }
}

void sddf_lwip_maybe_notify(void)
{
    struct glue *g = state_address(&lions_glue);

    if (g->rx.blocked && g->pool.free != NULL) {
        sddf_lwip_process_rx();
    }
    glue_tx_finish(g);
    if (g->rx.returned && net_require_signal_free(&g->rx.queue)) {
        net_cancel_signal_free(&g->rx.queue);
        signal(g->rx.ch);
    }
    g->rx.returned = false;
    if (g->tx.added && net_require_signal_active(&g->tx.queue)) {
        net_cancel_signal_active(&g->tx.queue);
        signal(g->tx.ch);
    }
    g->tx.added = false;
    if (!g->timeout.set || timers_changed()) {
        glue_timeout_arm(g);
    }
}
