/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue.h - what the files that implement lib_sddf_lwip.h share.
 *
 * Shape     one structure with a part for each file:
 *
 *             pool.c      the pbufs in which received frames are handed to lwIP
 *             rx.c        from the receive queue to lwIP, and buffers back
 *             tx.c        from lwIP to the transmit queue, and frames that wait
 *             timeout.c   lwIP's clock, and the one timeout at the timer driver
 *             event.c     the end of an event: signals and the next timeout
 *             start.c     everything's first values, and the interface
 *
 *           A part is written by its file only; start.c fills in the hooks
 *           and event.c clears the flags that ask for a signal.
 * Units     bytes, nanoseconds.
 * Owner     the client program, which has one instance; not reentrant.
 * Trust     what a neighbour wrote into a queue is checked by rx.c and tx.c.
 * Errors    counted in `counters`.
 *
 * Functions that run for every frame get the structure's address as an argument
 * and take it from state_address(): so members are reached from one register.
 * That is also why small members come first.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/network/lib_sddf_lwip.h>

#include "base/attr.h"
#include "base/range.h"
#include "lwip/netif.h"

/* A pool entry; free ones form a list.  Its size is a power of two, so that a
 * pointer's index is a shift. */
struct glue_pool_entry {
    _Alignas(64) pbuf_custom_offset_t pbuf; /* first: lwIP gives this back */
    struct glue_pool_entry *next;           /* while free */
    bool used;
};

struct glue_pool {
    struct glue_pool_entry *entries;
    struct glue_pool_entry *free; /* the first free entry */
    uint32_t size;
    uint32_t used; /* frames that lwIP or the program holds */
};

struct glue_rx {
    net_queue_handle_t queue;
    uint8_t *data;
    uint64_t size;
    sddf_channel ch;
    uint32_t high; /* more pbufs used than this: out-of-order segments go */
    bool blocked;  /* frames wait for a free pbuf */
    bool returned; /* buffers were freed since the last signal */
};

struct glue_tx {
    net_queue_handle_t queue;
    uint8_t *data;
    uint64_t size;
    sddf_channel ch;

    /* Buffers found in the free queue, no more than the active one had room
     * for, and that room. */
    struct net_batch from;
    struct net_batch to;

    /* Frames that wait for a buffer: a ring in `retained` below. */
    uint32_t retained_first;
    uint32_t retained_count;

    bool added; /* frames were sent since the last signal */
    bool hints; /* the neighbour takes frames without a checksum */
};

struct glue_timeout {
    sddf_channel ch;
    bool set;
    uint64_t at; /* ns, while set */
};

/* What the program wants to do itself.  Only err_output may not be NULL. */
struct glue_hooks {
    sddf_lwip_err_output_fn err_output;
    sddf_lwip_netif_status_callback_fn netif_callback;
    sddf_lwip_handle_empty_tx_free_fn handle_empty_tx_free;
    sddf_lwip_tx_intercept_condition_fn tx_intercept_condition;
    sddf_lwip_tx_handle_intercept_fn tx_handle_intercept;
};

struct glue {
    struct glue_rx rx;
    struct glue_tx tx;
    struct glue_timeout timeout;
    struct glue_pool pool;
    struct sddf_lwip_counters counters;
    struct netif netif;
    mac_addr_t mac;
    struct glue_hooks hooks;
    struct pbuf *retained[SDDF_LWIP_RETAINED_MAX];
};

extern struct glue lions_glue;

/* --- pool.c ------------------------------------------------------------------ */

/** Makes every entry free, of the configured region or else of our own. */
void glue_pool_init(struct glue *g, const lib_sddf_lwip_config_t *config);

/** Takes an entry; there is one. */
static inline pbuf_custom_offset_t *glue_pool_take(struct glue *g)
{
    struct glue_pool_entry *entry = g->pool.free;

    g->pool.free = entry->next;
    g->pool.used++;
    entry->used = true;
    return &entry->pbuf;
}

/** Puts an entry back; false if this is none of ours, or free already. */
bool glue_pool_put(struct glue *g, pbuf_custom_offset_t *pbuf);

/* --- rx.c, tx.c ---------------------------------------------------------------- */

/** Is there one of the buffers of a region of `size` bytes at `offset`? */
static inline bool glue_is_buffer(uint64_t size, uint64_t offset)
{
    return offset % NET_BUFFER_SIZE == 0 &&
           range_contains(size, offset, NET_BUFFER_SIZE);
}

/** Opens the receive side; before frames are processed. */
void glue_rx_init(struct glue *g, const net_client_config_t *config,
    net_queue_handle_t queue);

/** Tells the neighbour that receiving begins. */
void glue_rx_start(struct glue *g);

/** Opens the transmit side. */
void glue_tx_init(struct glue *g, const net_client_config_t *config,
    net_queue_handle_t queue);

/** Sends what waited, as far as there are buffers, and shows the neighbour all
 *  that was sent. */
void glue_tx_finish(struct glue *g);

/** lwIP's way to send an Ethernet frame: netif.linkoutput. */
err_t glue_tx_output(struct netif *netif, struct pbuf *p);

/* --- timeout.c ------------------------------------------------------------------ */

/** Sets a timeout for what lwIP wants to do next, unless an earlier one is set
 *  already. */
void glue_timeout_arm(struct glue *g);
