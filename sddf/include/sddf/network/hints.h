/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hints.h - checksum offload: what a neighbour says about a frame's checksum.
 *
 * Shape     a hint is in the descriptor, where sDDF has padding.  Two words
 *           behind the last slot of an active queue say who takes part: the
 *           consumer's word that it accepts hints, the producer's that what it
 *           writes in that padding is a hint.  sDDF's own components write
 *           neither word: their padding is ignored, and they are never sent a
 *           frame with a partial checksum.
 * Units     bytes from the start of the frame.
 * Owner     each word has one writer, which sets it when it starts.
 * Trust     a hint is copied with its descriptor and is about that frame only;
 *           whoever programs a device with it, or computes by it, checks that
 *           it lies inside the frame: net_hint_fits().
 * Errors    a value that is not in enum net_checksum is no hint.
 * Source    sddf/network/network.md; VIRTIO 1.2, 5.1.6.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/network/queue.h>

/* net_buff_desc_t.checksum */
enum net_checksum {
    NET_CHECKSUM_NONE = 0, /* nothing is known: the frame is as on the wire */
    NET_CHECKSUM_GOOD = 1, /* verified, and it is in the frame */
    /* the field has the sum of the pseudo header only; what is summed begins at
     * checksum_start, the field is checksum_offset bytes behind that */
    NET_CHECKSUM_PARTIAL = 2,
};

#define NET_HINTS_WORD 0x4d555343u /* "CSUM" */

/* Behind the last slot of an active queue. */
struct net_hints {
    _Atomic uint32_t consumer;
    _Atomic uint32_t producer;
};

static inline struct net_hints *net_hints(const net_queue_handle_t *queue)
{
    return (struct net_hints *)(void *)&queue->active->buffers[queue->capacity];
}

static inline void net_hints_say(_Atomic uint32_t *word, bool yes)
{
    /* pairs with the acquire load in net_hints_said() */
    atomic_store_explicit(word, yes ? NET_HINTS_WORD : 0, memory_order_release);
}

static inline bool net_hints_said(_Atomic uint32_t *word)
{
    /* pairs with the release store in net_hints_say() */
    return atomic_load_explicit(word, memory_order_acquire) == NET_HINTS_WORD;
}

/** For the consumer of the active queue: it accepts hints, or not. */
static inline void net_hints_accept(net_queue_handle_t *queue, bool yes)
{
    net_hints_say(&net_hints(queue)->consumer, yes);
}

/** For the producer: does the consumer accept hints? */
static inline bool net_hints_accepted(const net_queue_handle_t *queue)
{
    return net_hints_said(&net_hints(queue)->consumer);
}

/** For the producer: its descriptors may have hints, or not. */
static inline void net_hints_offer(net_queue_handle_t *queue, bool yes)
{
    net_hints_say(&net_hints(queue)->producer, yes);
}

/** For the consumer: do descriptors have hints? */
static inline bool net_hints_offered(const net_queue_handle_t *queue)
{
    return net_hints_said(&net_hints(queue)->producer);
}

/** Is the field of a partial checksum inside the frame? */
static inline bool net_hint_fits(net_buff_desc_t frame)
{
    return (uint32_t)frame.checksum_start + frame.checksum_offset +
               sizeof(uint16_t) <=
           frame.len;
}

/** Gives `to` the hint of `from`. */
static inline void net_hint_copy(net_buff_desc_t *to, net_buff_desc_t from)
{
    to->checksum = from.checksum;
    to->checksum_start = from.checksum_start;
    to->checksum_offset = from.checksum_offset;
}

/** Does this descriptor have a hint, from a producer that writes hints?  The
 *  word in the queue is read only when the padding is not zero. */
static inline bool net_hint_is_meant(
    const net_queue_handle_t *queue, net_buff_desc_t frame)
{
    return __builtin_expect(frame.checksum != NET_CHECKSUM_NONE, false) &&
           net_hints_offered(queue);
}
