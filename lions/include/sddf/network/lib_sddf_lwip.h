/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lib_sddf_lwip.h - lwIP between the queues of a network client.
 *
 * Shape     one interface per program.  The program uses lwIP's raw API and
 *           calls three functions: sddf_lwip_process_rx() when the receive
 *           side signals, sddf_lwip_process_timeout() when the timer does, and
 *           sddf_lwip_maybe_notify() at the end of every event.  The last one
 *           also sends what had to wait and sets the timer for the next thing
 *           lwIP wants to do, so there is no periodic tick.
 * Units     bytes; addresses as text, "10.0.2.15" (netmask /24) or
 *           "10.0.2.15/16,10.0.2.2" with prefix and gateway.
 * Owner     the client program; not reentrant.
 * Trust     descriptors from the receive side are checked; frames go through
 *           lwIP's own checks, checksums included.
 * Errors    net_sddf_err_t, below; what is not an error of the caller's is
 *           counted in struct sddf_lwip_counters.
 * Source    names and meaning of sDDF 0.7; lions/net/README.md.
 *
 * Received frames stay in the queue's buffers until lwIP or the program frees
 * the pbuf.  A frame to send is copied once, into a buffer of the Tx region;
 * without a free one it is kept and sent when there is, up to a limit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <os/sddf.h>
#include <sddf/network/config.h>
#include <sddf/network/queue.h>
#include <sddf/timer/config.h>

#include "lwip/pbuf.h"

/* Payload of the largest Ethernet frame. */
#define SDDF_LWIP_ETHER_MTU 1500

/* Frames that may wait for a Tx buffer. */
#define SDDF_LWIP_RETAINED_MAX 64

typedef enum {
    SDDF_LWIP_ERR_OK = 0,
    SDDF_LWIP_ERR_LARGE_PBUF = -1,   /* does not fit a buffer */
    SDDF_LWIP_ERR_INVALID_PBUF = -2, /* NULL, or not of our pool */
    SDDF_LWIP_ERR_NO_BUF = -3,       /* no buffer, no room to wait */
    SDDF_LWIP_ERR_UNHANDLED = -4     /* lwIP refused it */
} net_sddf_err_t;

/* A received frame: a pbuf, and where its bytes are. */
typedef struct pbuf_custom_offset {
    struct pbuf_custom custom;
    uint64_t offset;
} pbuf_custom_offset_t;

struct sddf_lwip_counters {
    uint64_t rx_frames;
    uint64_t rx_bytes;
    uint64_t rx_bad;     /* received descriptors that made no sense */
    uint64_t rx_refused; /* frames lwIP did not take */
    uint64_t rx_lost;    /* buffers the free queue had no room for */
    uint64_t rx_shed;    /* connections that lost their segments behind holes */
    uint64_t tx_frames;
    uint64_t tx_bytes;
    uint64_t tx_retained; /* frames that had to wait */
    uint64_t tx_dropped;  /* frames that could not even wait */
    uint64_t tx_bad;      /* buffers to send from that are none of ours */
    uint64_t timeouts;    /* times the timer was set */
};

/** Prints an error. */
typedef int (*sddf_lwip_err_output_fn)(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/** Told when DHCP has given the interface an address. */
typedef void (*sddf_lwip_netif_status_callback_fn)(char *ip_addr);
/** Decides about a frame that finds no Tx buffer. */
typedef net_sddf_err_t (*sddf_lwip_handle_empty_tx_free_fn)(struct pbuf *p);
/** Says whether a frame is not to go to the queue. */
typedef bool (*sddf_lwip_tx_intercept_condition_fn)(struct pbuf *p);
/** Sends a frame that was intercepted. */
typedef net_sddf_err_t (*sddf_lwip_tx_handle_intercept_fn)(struct pbuf *p);

/** Are all receive pbufs in use? */
bool sddf_lwip_pbuf_pool_empty(void);

/** Takes a pbuf out of the pool; NULL if there is none. */
pbuf_custom_offset_t *sddf_lwip_pbuf_pool_alloc(void);

/** Puts a pbuf back; refused if it is not of the pool or was free already. */
net_sddf_err_t sddf_lwip_pbuf_pool_free(pbuf_custom_offset_t *pbuf);

/** Lets lwIP do what is due. */
void sddf_lwip_process_timeout(void);

/** Sends a whole Ethernet frame; the neighbour sees it when the event ends. */
net_sddf_err_t sddf_lwip_transmit_pbuf(struct pbuf *p);

/** Hands received frames to lwIP. */
void sddf_lwip_process_rx(void);

/** Hands one frame to lwIP; the caller frees it if that fails. */
net_sddf_err_t sddf_lwip_input_pbuf(struct pbuf *p);

/** Ends an event: sends what waited, shows what was sent, signals, sets the
 *  timer. */
void sddf_lwip_maybe_notify(void);

/** What happened so far. */
const struct sddf_lwip_counters *sddf_lwip_counters(void);

/**
 * Starts lwIP.  `ip_addr` NULL asks a DHCP server.  A queue of capacity 0 is
 * not used.  The functions may be NULL: errors then go to sddf_printf_, an
 * address is printed, frames without a buffer wait, nothing is intercepted.
 */
void sddf_lwip_init(lib_sddf_lwip_config_t *lib_sddf_lwip_config,
    net_client_config_t *net_config, timer_client_config_t *timer_config,
    net_queue_handle_t rx_queue, net_queue_handle_t tx_queue, char *ip_addr,
    sddf_lwip_err_output_fn err_output,
    sddf_lwip_netif_status_callback_fn netif_callback,
    sddf_lwip_handle_empty_tx_free_fn handle_empty_tx_free,
    sddf_lwip_tx_intercept_condition_fn tx_intercept_condition,
    sddf_lwip_tx_handle_intercept_fn tx_handle_intercept);
