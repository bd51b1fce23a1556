/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.h - the queues between neighbours of the net class.
 *
 * Shape     queues come in pairs: `active` carries frames one way, `free`
 *           carries the empty buffers back.  A queue is an 8 byte header and
 *           `capacity` descriptors of 16 bytes; layout and names as in sDDF.
 *           Which side is producer of which queue depends on the direction.
 *           The handle has an index for each of the four roles.  A role is
 *           opened at its first use, with the index that the page then has,
 *           because the first to fill a queue may not be its later producer: a
 *           client fills its Tx free queue, then the virtualiser does.  Several
 *           elements are handled as one with a struct net_batch.
 * Units     capacity and counts are descriptors; len is bytes.
 * Owner     each side has its own handle, in private memory.
 * Trust     the peer may write any byte of both queues at any time: see
 *           sddf/util/queue_core.h.  A descriptor is copied once; the user
 *           checks it before use.
 * Errors    enqueue and dequeue return -1 when full or empty; a nonsense index
 *           of the peer's means full or empty too, and adds to bad_peer.
 * Source    docs: sddf/network/network.md; model: tests/model.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sddf/network/constants.h>
#include <sddf/util/queue_batch.h>
#include <sddf/util/queue_core.h>

#include "base/attr.h"

/* A buffer on its way: where it is, and how much of it is a frame. */
typedef struct net_buff_desc {
    uint64_t io_or_offset; /* offset in a data region, or device address */
    uint16_t len;
    uint8_t oid : 6; /* which data region, where a queue carries several */
    /* padding in sDDF; checksum offload between those who agree: hints.h */
    uint8_t checksum;
    uint16_t checksum_start;
    uint16_t checksum_offset;
} net_buff_desc_t;

/* One slot, as the two words that are loaded and stored. */
union net_slot {
    net_buff_desc_t desc;
    uint64_t word[2];
};

typedef struct net_queue {
    _Atomic uint16_t tail;
    _Atomic uint16_t head;
    _Atomic uint32_t consumer_signalled; /* 0: the consumer wants a signal */
    union net_slot buffers[];
} net_queue_t;

_Static_assert(sizeof(net_buff_desc_t) == 16, "sDDF 0.7");
_Static_assert(offsetof(net_buff_desc_t, checksum) == 11, "behind sDDF's oid");
_Static_assert(sizeof(union net_slot) == 16, "sDDF 0.7");
_Static_assert(offsetof(net_queue_t, buffers) == 8, "sDDF 0.7");

typedef struct net_queue_handle {
    net_queue_t *free;
    net_queue_t *active;
    uint32_t capacity;
    /* our own indices, one per role; capacity 0 until the first use */
    struct queue_end free_in;
    struct queue_end free_out;
    struct queue_end active_in;
    struct queue_end active_out;
} net_queue_handle_t;

/** Prepares a handle.  A capacity that is no power of two closes it. */
static inline void net_queue_init(net_queue_handle_t *queue, net_queue_t *free,
    net_queue_t *active, uint32_t capacity)
{
    struct queue_end closed = { .index = 0, .capacity = 0, .bad_peer = 0 };

    queue->free = free;
    queue->active = active;
    queue->capacity = capacity;
    queue->free_in = closed;
    queue->free_out = closed;
    queue->active_in = closed;
    queue->active_out = closed;
}

/* --- One role of one queue ------------------------------------------------ */

/* Opens a role, if this is its first use, where `own` in the page says. */
static inline void net_ring_open(
    struct queue_end *end, uint32_t capacity, const _Atomic uint16_t *own)
{
    if (end->capacity == 0) {
        (void)queue_end_init(
            end, capacity, load_relaxed_16(own), QUEUE_WRAP_16);
    }
}

/** For a consumer: how many elements it may read. */
static inline uint32_t net_ring_ready(
    net_queue_t *q, struct queue_end *end, uint32_t capacity)
{
    /* pairs with the release store in net_batch_publish() */
    uint32_t tail = load_acquire_16(&q->tail);

    /* The usual case: the role is open, and the index makes sense. */
    if (__builtin_expect(
            queue_distance(tail, end->index, QUEUE_WRAP_16) - 1 < end->capacity,
            true)) {
        return queue_distance(tail, end->index, QUEUE_WRAP_16);
    }
    net_ring_open(end, capacity, &q->head);
    return queue_ready(end, tail, QUEUE_WRAP_16);
}

/** For a producer: how many elements it may write. */
static inline uint32_t net_ring_room(
    net_queue_t *q, struct queue_end *end, uint32_t capacity)
{
    /* pairs with the release store in net_batch_publish() */
    uint32_t head = load_acquire_16(&q->head);
    uint32_t used = queue_distance(end->index, head, QUEUE_WRAP_16);

    if (__builtin_expect(used < end->capacity, true)) {
        return end->capacity - used; /* open, and the index makes sense */
    }
    net_ring_open(end, capacity, &q->tail);
    return queue_room(end, head, QUEUE_WRAP_16);
}

/*
 * A batch of one role (queue_batch.h).  A consumer takes elements: reads them,
 * and by publishing gives their slots back.  A producer puts elements: writes
 * them, and by publishing shows them.
 */
struct net_batch {
    struct queue_batch n;  /* how many, and where */
    union net_slot *slots; /* of the queue */
    _Atomic uint16_t *own; /* our index in the page */
};

/* Elements that the consumer `end` of queue `q` may take. */
static inline struct net_batch net_ring_take(
    net_queue_t *q, struct queue_end *end, uint32_t capacity)
{
    uint32_t ready = net_ring_ready(q, end, capacity);

    return (struct net_batch){
        .n = queue_batch_begin(end, ready), .slots = q->buffers, .own = &q->head
    };
}

/* Room that the producer `end` of queue `q` may fill. */
static inline struct net_batch net_ring_put(
    net_queue_t *q, struct queue_end *end, uint32_t capacity)
{
    uint32_t room = net_ring_room(q, end, capacity);

    return (struct net_batch){
        .n = queue_batch_begin(end, room), .slots = q->buffers, .own = &q->tail
    };
}

/** Copies the next element.  Only while any is left. */
static inline net_buff_desc_t net_batch_read(struct net_batch *batch)
{
    union net_slot *slot = &batch->slots[queue_batch_next(&batch->n)];
    union net_slot copy;

    copy.word[0] = __atomic_load_n(&slot->word[0], __ATOMIC_RELAXED);
    copy.word[1] = __atomic_load_n(&slot->word[1], __ATOMIC_RELAXED);
    return copy.desc;
}

/** Writes the next element.  Only while any is left. */
static inline void net_batch_write(
    struct net_batch *batch, net_buff_desc_t buffer)
{
    union net_slot *slot = &batch->slots[queue_batch_next(&batch->n)];
    union net_slot copy = { .word = { 0, 0 } };

    copy.desc = buffer;
    slot->word[0] = copy.word[0];
    slot->word[1] = copy.word[1];
}

/** Ends the batch: the peer sees what was done. */
static inline void net_batch_publish(struct net_batch *batch)
{
    /* pairs with the acquire loads in net_ring_ready() and net_ring_room() */
    store_release_16(
        batch->own, (uint16_t)queue_batch_end(&batch->n, QUEUE_WRAP_16));
}

/** The peer sees what was done; the batch goes on with what is left. */
static inline void net_batch_show(struct net_batch *batch)
{
    /* pairs with the acquire loads in net_ring_ready() and net_ring_room() */
    store_release_16(
        batch->own, (uint16_t)queue_batch_show(&batch->n, QUEUE_WRAP_16));
}

/** Adds one element; -1 when full. */
static inline int net_ring_enqueue(net_queue_t *q, struct queue_end *end,
    uint32_t capacity, net_buff_desc_t buffer)
{
    struct net_batch batch = net_ring_put(q, end, capacity);

    if (queue_batch_left(&batch.n) == 0) {
        return -1;
    }
    net_batch_write(&batch, buffer);
    net_batch_publish(&batch);
    return 0;
}

/** Takes one element; -1 when empty. */
static inline int net_ring_dequeue(net_queue_t *q, struct queue_end *end,
    uint32_t capacity, net_buff_desc_t *buffer)
{
    struct net_batch batch = net_ring_take(q, end, capacity);

    if (queue_batch_left(&batch.n) == 0) {
        return -1;
    }
    *buffer = net_batch_read(&batch);
    net_batch_publish(&batch);
    return 0;
}

/** Elements in the queue as the page says: for either side, for display. */
static inline uint16_t net_queue_length(net_queue_t *queue)
{
    return (uint16_t)(load_acquire_16(&queue->tail) -
                      load_acquire_16(&queue->head));
}

/*
 * Empty and full, by our own index where we have one: a peer that rewrites
 * our index in the page must not make a loop over these two endless.
 */
static inline bool net_ring_is_empty(
    net_queue_t *q, struct queue_end *end, uint32_t capacity)
{
    if (end->capacity == 0) {
        return net_queue_length(q) == 0;
    }
    return load_acquire_16(&q->tail) == end->index ||
           net_ring_ready(q, end, capacity) == 0;
}

static inline bool net_ring_is_full(
    net_queue_t *q, struct queue_end *end, uint32_t capacity)
{
    return end->capacity == 0 ? net_queue_length(q) >= capacity
                              : net_ring_room(q, end, capacity) == 0;
}

/* --- The interface of sDDF ------------------------------------------------ */

/** Is there nothing to take from the free queue?  For its consumer. */
static inline bool net_queue_empty_free(net_queue_handle_t *queue)
{
    return net_ring_is_empty(queue->free, &queue->free_out, queue->capacity);
}

/** Is there nothing to take from the active queue?  For its consumer. */
static inline bool net_queue_empty_active(net_queue_handle_t *queue)
{
    return net_ring_is_empty(
        queue->active, &queue->active_out, queue->capacity);
}

/** Is there no room in the free queue?  For its producer. */
static inline bool net_queue_full_free(net_queue_handle_t *queue)
{
    return net_ring_is_full(queue->free, &queue->free_in, queue->capacity);
}

/** Is there no room in the active queue?  For its producer. */
static inline bool net_queue_full_active(net_queue_handle_t *queue)
{
    return net_ring_is_full(queue->active, &queue->active_in, queue->capacity);
}

/** Puts a buffer into the free queue; -1 when it is full. */
static inline int net_enqueue_free(
    net_queue_handle_t *queue, net_buff_desc_t buffer)
{
    return net_ring_enqueue(
        queue->free, &queue->free_in, queue->capacity, buffer);
}

/** Puts a buffer into the active queue; -1 when it is full. */
static inline int net_enqueue_active(
    net_queue_handle_t *queue, net_buff_desc_t buffer)
{
    return net_ring_enqueue(
        queue->active, &queue->active_in, queue->capacity, buffer);
}

/** Takes a buffer out of the free queue; -1 when it is empty. */
static inline int net_dequeue_free(
    net_queue_handle_t *queue, net_buff_desc_t *buffer)
{
    return net_ring_dequeue(
        queue->free, &queue->free_out, queue->capacity, buffer);
}

/** Takes a buffer out of the active queue; -1 when it is empty. */
static inline int net_dequeue_active(
    net_queue_handle_t *queue, net_buff_desc_t *buffer)
{
    return net_ring_dequeue(
        queue->active, &queue->active_out, queue->capacity, buffer);
}

/** A batch of elements to take from the free queue.  For its consumer. */
static inline struct net_batch net_batch_take_free(net_queue_handle_t *queue)
{
    return net_ring_take(queue->free, &queue->free_out, queue->capacity);
}

/** A batch of elements to take from the active queue.  For its consumer. */
static inline struct net_batch net_batch_take_active(net_queue_handle_t *queue)
{
    return net_ring_take(queue->active, &queue->active_out, queue->capacity);
}

/** A batch of room in the free queue.  For its producer. */
static inline struct net_batch net_batch_put_free(net_queue_handle_t *queue)
{
    return net_ring_put(queue->free, &queue->free_in, queue->capacity);
}

/** A batch of room in the active queue.  For its producer. */
static inline struct net_batch net_batch_put_active(net_queue_handle_t *queue)
{
    return net_ring_put(queue->active, &queue->active_in, queue->capacity);
}

/** Fills the free queue with all buffers of the data region at `base_addr`
 *  (0 where descriptors are offsets). */
static inline void net_buffers_init(
    net_queue_handle_t *queue, uintptr_t base_addr)
{
    for (uint32_t i = 0; i < queue->capacity; i++) {
        net_buff_desc_t buffer = {
            .io_or_offset = (uint64_t)NET_BUFFER_SIZE * i + base_addr
        };

        if (net_enqueue_free(queue, buffer) != 0) {
            return;
        }
    }
}

/** The consumer of the free queue wants a signal; it must look again. */
static inline void net_request_signal_free(net_queue_handle_t *queue)
{
    queue_signal_request(&queue->free->consumer_signalled);
}

/** The consumer of the active queue wants a signal; it must look again. */
static inline void net_request_signal_active(net_queue_handle_t *queue)
{
    queue_signal_request(&queue->active->consumer_signalled);
}

/** No signal about the free queue is wanted, or it is about to be sent. */
static inline void net_cancel_signal_free(net_queue_handle_t *queue)
{
    queue_signal_cancel(&queue->free->consumer_signalled);
}

/** No signal about the active queue is wanted, or it is about to be sent. */
static inline void net_cancel_signal_active(net_queue_handle_t *queue)
{
    queue_signal_cancel(&queue->active->consumer_signalled);
}

/** For the producer, after it enqueued: does the consumer want a signal? */
static inline bool net_require_signal_free(net_queue_handle_t *queue)
{
    return queue_signal_wanted(&queue->free->consumer_signalled);
}

/** For the producer, after it enqueued: does the consumer want a signal? */
static inline bool net_require_signal_active(net_queue_handle_t *queue)
{
    return queue_signal_wanted(&queue->active->consumer_signalled);
}

/** Times a peer's index in either queue made no sense. */
static inline uint64_t net_queue_bad_peer(const net_queue_handle_t *queue)
{
    return (uint64_t)queue->free_in.bad_peer + queue->free_out.bad_peer +
           queue->active_in.bad_peer + queue->active_out.bad_peer;
}
