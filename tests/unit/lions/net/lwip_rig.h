/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwip_rig.h - lwIP and its glue between queues that the test plays.
 *
 * Shape     rig_start() is a group's set-up: 10.0.2.15 with an echo server at
 *           UDP port RIG_PORT.  Frames go in with rig_deliver() and come out of
 *           rig_sent(); the peer is 10.0.2.2.  Time is the test's.
 * Units     nanoseconds; bytes, ports and numbers of frames as said.
 * Owner     one lwIP per program, so one rig per program.
 * Errors    a call that cannot do what it says fails the test.
 * Source    RFC 894, RFC 826, RFC 791, RFC 768, RFC 9293.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/unit/net_rig.h"

#define RIG_BUFFERS  128u
#define RIG_RX_ID    1u
#define RIG_TX_ID    2u
#define RIG_TIMER_ID 3u
#define RIG_PORT     1235u
#define RIG_FRAME    1514u

/* Where headers begin in a frame without options. */
#define RIG_IP        14u
#define RIG_PAYLOAD   34u
#define RIG_DATA      42u /* of UDP */
#define RIG_TCP_SEQ   (RIG_PAYLOAD + 4u)
#define RIG_TCP_FLAGS (RIG_PAYLOAD + 13u)

struct rig {
    struct net_link rx_link;
    struct net_link tx_link;
    net_queue_handle_t copier; /* the other end of each */
    net_queue_handle_t virt;
    uint64_t now_ns;
    uint32_t timers_set;
    uint64_t timer_at; /* UINT64_MAX: not set */
    bool timer_full;   /* the timer driver refuses */
    uint8_t rx_data[RIG_BUFFERS * NET_BUFFER_SIZE];
    uint8_t tx_data[RIG_BUFFERS * NET_BUFFER_SIZE];
};

extern struct rig rig;

extern const uint8_t rig_ip[4];
extern const uint8_t rig_peer_ip[4];
extern const uint8_t rig_peer_mac[6];

/** The queues, regions and the fake system, as a client finds them. */
net_client_config_t rig_config(void);

/** A group's set-up and teardown. */
int rig_start(void **state);
int rig_stop(void **state);

/* --- Frames ----------------------------------------------------------------- */

/** Puts the Internet checksum of `data` at `at`, which may lie within. */
void rig_checksum(uint8_t *at, const uint8_t *data, size_t len);

/** Ethernet and IPv4 headers; returns where the payload goes. */
uint8_t *rig_put_ip(uint8_t *frame, uint8_t proto, uint16_t payload);

/** The checksum of a UDP or TCP segment of `len` bytes, into its field. */
void rig_put_sum(uint8_t *frame, uint8_t proto, uint16_t len, uint32_t field);

/** A datagram to the echo server; its `len` bytes count up from `first`.
 *  Returns the frame's length. */
uint16_t rig_put_udp(uint8_t *frame, uint16_t len, uint8_t first);

/* A TCP segment from the peer to RIG_PORT, without options. */
struct rig_segment {
    uint32_t seq;
    uint32_t ack;
    uint16_t port; /* the peer's */
    uint16_t len;  /* of its data */
    uint8_t flags;
};

#define RIG_FIN 0x01u
#define RIG_SYN 0x02u
#define RIG_RST 0x04u
#define RIG_ACK 0x10u

/** Writes a segment; returns the frame's length. */
uint16_t rig_put_tcp(uint8_t *frame, const struct rig_segment *segment);

/** An ARP packet from the peer: operation 1 asks, 2 answers. */
void rig_put_arp(uint8_t frame[60], uint8_t operation);

/* --- The neighbours' side ----------------------------------------------------- */

/** The copier delivers a frame; false if the client left it no buffer. */
bool rig_deliver(const uint8_t *frame, uint16_t len);

/** Delivers the first `len` bytes of a frame; in its buffer the rest follows. */
void rig_deliver_cut(const uint8_t *frame, uint16_t size, uint16_t len);

/** Delivers a frame with a hint about its checksum, and an event. */
void rig_deliver_hint(const uint8_t *frame, uint16_t len, uint8_t checksum);

/** Delivers a segment, and an event. */
void rig_send_tcp(const struct rig_segment *segment);

/** Opens a connection to RIG_PORT; `c` is made ready for the first data. */
void rig_connect(struct rig_segment *c, uint16_t port);

/** An event of the receive side. */
void rig_run(void);

/** The virtualiser takes the next frame that was sent; NULL if there is none.
 *  With `keep`, its buffer does not come back. */
const uint8_t *rig_sent(uint16_t *len, bool keep);

/** Takes and forgets all that was sent. */
void rig_drain(void);

/** Tells the client the peer's Ethernet address, by asking for the client's. */
void rig_know_peer(void);

/** Fails unless every receive buffer is back with the copier. */
void rig_assert_rx_home(void);

/** Lets time pass as the timer driver would; how often it woke the client. */
uint32_t rig_pass(uint32_t seconds);
