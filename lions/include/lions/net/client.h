/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - a client of the network and the timer, from its configuration to
 * its first packet.
 *
 * Shape     the program's two entry points are one call each, and what it wants
 *           to do itself is in a table:
 *
 *             static const struct net_client client = { .start = serve };
 *
 *             void init(void)
 *             {
 *                 net_client_init(&client);
 *             }
 *
 *             void notified(sddf_channel ch)
 *             {
 *                 net_client_notified(ch);
 *             }
 *
 *           From then on it uses lwIP's raw API.  The sections that the tool
 *           fills in, .net_client_config and .timer_client_config, are the
 *           library's; the program has none of its own.
 * Owner     the client program; one per program, not reentrant.
 * Trust     the configuration is part of the image, and checked once.
 * Errors    an unusable configuration ends the program, as of
 *           sddf/util/config_check.h.
 * Source    lions/net/README.md; systems/06-network is the smallest example.
 *
 * A program that needs more of lwIP's glue (interception of frames, a pbuf pool
 * of its own) calls sddf_lwip_init() itself: sddf/network/lib_sddf_lwip.h.
 */
#pragma once

#include <os/sddf.h>

/* What a client does itself.  Only `start` may not be NULL. */
struct net_client {
    /** Called once, when lwIP runs: opens the program's ports. */
    void (*start)(void);

    /** DHCP has given the interface an address.  NULL: it is printed. */
    void (*on_address)(const char *address);

    /** A notification that is neither the network's nor the timer's.  Frames
     *  sent by this function leave when it returns. */
    void (*on_notified)(sddf_channel ch);

    /** An address that does not change, "10.0.2.15/24,10.0.2.2".  NULL: a DHCP
     *  server is asked for one. */
    const char *address;
};

/** Starts lwIP and the client, whose table stays in use. */
void net_client_init(const struct net_client *client);

/** Handles a notification. */
void net_client_notified(sddf_channel ch);

/** The channel to the timer driver, for sddf/timer/client.h.  The client's own
 *  timeouts are lwIP's: sys_timeout(). */
sddf_channel net_client_timer(void);

/** Directs sddf_printf() to the serial virtualiser; first thing in init(), of a
 *  program that is a client of the serial class and links sddf_util.  Section
 *  .serial_client_config is the library's, too. */
void net_client_console(void);
