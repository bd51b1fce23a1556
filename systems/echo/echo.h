/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * echo.h - the services of the echo server, and what they ask of the meter.
 *
 * Shape     three services over lwIP's raw API; one protected procedure
 *           call to the meter with a label below.
 * Units     ticks of the processor's counter.
 * Owner     the echo client program.
 * Trust     peers on the network may send anything at any time.
 * Errors    a service that cannot start says so and returns false.
 * Source    ports and protocol of sDDF's echo server, ipbench's target.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UDP_ECHO_PORT    1235
#define TCP_ECHO_PORT    1236
#define UTILISATION_PORT 1237

/* Connections the TCP echo serves at a time. */
#define TCP_ECHO_CONNECTIONS 64

/* Labels of calls to the meter, and what its answer holds. */
#define METER_START   0 /* -> */
#define METER_STOP    1 /* -> idle ticks, total ticks since METER_START */
#define METER_COUNTER 2 /* n -> value, 4 words of page, 3 of name */
#define METER_RESTART 3 /* -> 1 if the network driver was restarted */

/** Echoes UDP datagrams. */
bool udp_echo_start(void);

/** Echoes TCP streams. */
bool tcp_echo_start(void);

/** Answers a load generator's questions about processor time. */
bool utilisation_start(void);

/** Idle and total ticks between the last start and now. */
struct meter_reading {
    uint64_t idle;
    uint64_t total;
};

/** Calls the meter. */
void meter_start(void);
struct meter_reading meter_stop(void);
bool meter_restart_driver(void);
