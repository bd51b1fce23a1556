/* SPDX-License-Identifier: BSD-2-Clause */
/* See race.h. */
#include "tests/unit/lions/net/race.h"

#define net_request_signal_active(queue)                                       \
    (race(), net_request_signal_active(queue))

#include "lions/net/rx.c"
