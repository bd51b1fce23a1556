/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * race.h - rx.c and tx.c with a neighbour that comes just before they ask for a
 * signal.
 *
 * Shape     race_rx.c and race_tx.c are those files, in which each request calls
 *           race() first.
 * Owner     race_test.c, which says what then happens.
 */
#pragma once

#include <sddf/network/queue.h>

/** The neighbour's moment. */
void race(void);
