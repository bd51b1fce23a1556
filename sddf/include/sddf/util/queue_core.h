/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue_core.h - the arithmetic and the signalling of every shared queue.
 *
 * Shape     single producer, single consumer.  `tail` counts what was put in,
 *           `head` what was taken out; both run freely and wrap at the width
 *           of the word in the page (16 bit: net, 32 bit: serial).  Element n
 *           is in slot n % capacity; capacity is a power of two.
 *
 *               head            tail
 *                 v               v
 *             ...| a | b | c | d |        ready = tail - head
 *                                         room  = capacity - ready
 *
 * Units     elements.
 * Owner     the producer writes tail and slots, the consumer head.  Each side
 *           keeps its own index in private memory, in a struct queue_end, and
 *           only ever reads the peer's from the page.
 * Trust     the peer may write any byte of the page at any time.  Its index is
 *           loaded once, checked against our own, and counted in bad_peer when
 *           it makes no sense; the queue is then empty to a consumer and full
 *           to a producer, until the peer mends it.  No index leads outside
 *           the slots, because only our own index chooses a slot.
 * Errors    a capacity that is no power of two closes the queue for good.
 * Source    protocol of sDDF 0.7; tests/model/queue_model.c explores it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/util/fence.h>

#include "base/attr.h"
#include "base/bits.h"

/* How many indices there are, minus one: the width of head and tail. */
#define QUEUE_WRAP_16 UINT32_C(0xffff)
#define QUEUE_WRAP_32 UINT32_C(0xffffffff)

/* One side of one queue, in the private memory of that side's program. */
struct queue_end {
    uint32_t index;    /* our own head or tail; what the page has is a copy */
    uint32_t capacity; /* a power of two, or 0: closed */
    uint32_t bad_peer; /* times the peer's index made no sense */
};

/** May a queue have this capacity? */
static inline bool queue_capacity_ok(uint64_t capacity, uint32_t wrap)
{
    return bits_is_power_of_two(capacity) && capacity <= wrap / 2 + 1;
}

/**
 * Prepares one side.  `own` is what the page holds for us: 0 at first, where
 * we stopped after a restart.  Returns false, and leaves the queue closed,
 * unless queue_capacity_ok().
 */
static inline bool queue_end_init(
    struct queue_end *end, uint64_t capacity, uint32_t own, uint32_t wrap)
{
    bool good = queue_capacity_ok(capacity, wrap);

    end->index = own & wrap;
    end->capacity = good ? (uint32_t)capacity : 0;
    end->bad_peer = 0;
    return good;
}

/** How far index `from` is behind index `to`. */
static inline uint32_t queue_distance(uint32_t to, uint32_t from, uint32_t wrap)
{
    return (to - from) & wrap;
}

/** For a consumer at `head`: elements it may take, given the peer's tail. */
static inline uint32_t queue_ready_at(
    struct queue_end *end, uint32_t head, uint32_t peer_tail, uint32_t wrap)
{
    uint32_t ready = queue_distance(peer_tail, head, wrap);

    if (ready > end->capacity) {
        end->bad_peer++;
        return 0;
    }
    return ready;
}

/** For a producer at `tail`: elements it may add, given the peer's head. */
static inline uint32_t queue_room_at(
    struct queue_end *end, uint32_t tail, uint32_t peer_head, uint32_t wrap)
{
    uint32_t used = queue_distance(tail, peer_head, wrap);

    if (used > end->capacity) {
        end->bad_peer++;
        return 0;
    }
    return end->capacity - used;
}

/** The same at our own index. */
static inline uint32_t queue_ready(
    struct queue_end *end, uint32_t peer_tail, uint32_t wrap)
{
    return queue_ready_at(end, end->index, peer_tail, wrap);
}

/** The same at our own index. */
static inline uint32_t queue_room(
    struct queue_end *end, uint32_t peer_head, uint32_t wrap)
{
    return queue_room_at(end, end->index, peer_head, wrap);
}

/** The slot of element `index`.  Only after ready or room was not 0. */
static inline uint32_t queue_slot(const struct queue_end *end, uint32_t index)
{
    return index & (end->capacity - 1);
}

/** Moves our own index by `count`; the caller then publishes the result with
 *  store_release_16/32(), which pairs with the peer's load_acquire. */
static inline uint32_t queue_advance(
    struct queue_end *end, uint32_t count, uint32_t wrap)
{
    end->index = (end->index + count) & wrap;
    return end->index;
}

/*
 * Signalling.  One side sleeps until the other changes the queue; a flag in
 * the page, 0 when a signal is wanted, saves signals nobody waits for.
 *
 *     sleeper                          waker
 *     queue_signal_request(flag)       publish head or tail
 *     look at the queue again          queue_signal_wanted(flag)?
 *     nothing: sleep                      queue_signal_cancel(flag), notify
 *     something: cancel, go on
 *
 * In every interleaving the sleeper sees the change or the waker the request.
 * A hostile flag costs its writer a signal, or us a notification too many.
 */

/** The sleeper asks to be signalled.  It must look at the queue again. */
static inline void queue_signal_request(_Atomic uint32_t *flag)
{
    store_relaxed_32(flag, 0);
    /* Forbids that the second look at the peer's index, which follows, is
     * done before the flag is visible.  Pairs with queue_signal_wanted(). */
    fence_seq_cst();
}

/** No signal is wanted any more, or it is about to be sent. */
static inline void queue_signal_cancel(_Atomic uint32_t *flag)
{
    store_relaxed_32(flag, 1);
}

/** The waker, after it published its index: is a signal wanted? */
static inline bool queue_signal_wanted(const _Atomic uint32_t *flag)
{
    /* Forbids that the flag is read before our index is visible.  Pairs with
     * queue_signal_request(). */
    fence_seq_cst();
    return load_relaxed_32(flag) == 0;
}
