/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.h - a line of characters between two components.
 *
 * Shape     a 12-byte header in one page and a data region of `capacity`
 *           bytes; indices 32 bits wide and running freely (queue_core.h).
 *           Functions with a local index work ahead of what the peer sees,
 *           until serial_update_shared_tail() or _head().
 * Units     characters.
 * Owner     one producer, one consumer.  Each side's own index is the one in
 *           its private handle; the header has a copy for the peer.
 * Trust     the peer may write the header and the data at any time.  An index
 *           that makes no sense reads as empty or full and is counted.
 * Errors    enqueue and dequeue return 0, or -1 when full or empty.
 * Source    names and layout of sDDF 0.7; tests/model explores the protocol.
 *
 * Signalling: the producer notifies the consumer whenever it has added.  The
 * consumer notifies the producer only when that asked: a producer that finds
 * no room calls serial_request_consumer_signal(), looks again, and sleeps.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/util/queue_core.h>
#include <sddf/util/string.h>
#include <sddf/util/util.h>

typedef struct serial_queue {
    _Atomic uint32_t tail;
    _Atomic uint32_t head;
    _Atomic uint32_t producer_signalled; /* 0: the producer wants a signal */
} serial_queue_t;

static_assert(sizeof(serial_queue_t) == 12, "sDDF serial_queue");

typedef struct serial_queue_handle {
    serial_queue_t *queue;
    uint32_t capacity; /* a power of two, or 0: closed */
    char *data_region;
    struct queue_end producer; /* used by the side that enqueues */
    struct queue_end consumer; /* used by the side that dequeues */
} serial_queue_handle_t;

/** Prepares a handle.  A capacity that is no power of two closes it. */
static inline void serial_queue_init(serial_queue_handle_t *handle,
    serial_queue_t *queue, uint32_t capacity, char *data_region)
{
    handle->queue = queue;
    handle->data_region = data_region;
    queue_end_init(&handle->producer, capacity, load_relaxed_32(&queue->tail),
        QUEUE_WRAP_32);
    queue_end_init(&handle->consumer, capacity, load_relaxed_32(&queue->head),
        QUEUE_WRAP_32);
    handle->capacity = handle->producer.capacity;
}

/** Characters the consumer can take. */
static inline uint32_t serial_queue_length_consumer(
    serial_queue_handle_t *handle)
{
    /* pairs with the release store in serial_update_shared_tail() */
    return queue_ready(&handle->consumer, load_acquire_32(&handle->queue->tail),
        QUEUE_WRAP_32);
}

/** Characters the producer can add. */
static inline uint32_t serial_queue_free(serial_queue_handle_t *handle)
{
    /* pairs with the release store in serial_update_shared_head() */
    return queue_room(&handle->producer, load_acquire_32(&handle->queue->head),
        QUEUE_WRAP_32);
}

/** Characters in the queue, as the producer sees it. */
static inline uint32_t serial_queue_length_producer(
    serial_queue_handle_t *handle)
{
    return handle->capacity - serial_queue_free(handle);
}

/** For the consumer: nothing at `local_head`? */
static inline int serial_queue_empty(
    serial_queue_handle_t *handle, uint32_t local_head)
{
    /* pairs with the release store in serial_update_shared_tail() */
    return queue_ready_at(&handle->consumer, local_head,
               load_acquire_32(&handle->queue->tail), QUEUE_WRAP_32) == 0;
}

/** For the producer: no room at `local_tail`? */
static inline int serial_queue_full(
    serial_queue_handle_t *handle, uint32_t local_tail)
{
    /* pairs with the release store in serial_update_shared_head() */
    return queue_room_at(&handle->producer, local_tail,
               load_acquire_32(&handle->queue->head), QUEUE_WRAP_32) == 0;
}

/** The producer's own index, for the functions with a local one. */
static inline uint32_t serial_queue_tail(const serial_queue_handle_t *handle)
{
    return handle->producer.index;
}

/** The consumer's own index, for the functions with a local one. */
static inline uint32_t serial_queue_head(const serial_queue_handle_t *handle)
{
    return handle->consumer.index;
}

/** Shows the consumer everything up to `local_tail`. */
static inline void serial_update_shared_tail(
    serial_queue_handle_t *handle, uint32_t local_tail)
{
    handle->producer.index = local_tail;
    /* pairs with the acquire loads of tail by the consumer */
    store_release_32(&handle->queue->tail, local_tail);
}

/** Gives the producer the room up to `local_head`. */
static inline void serial_update_shared_head(
    serial_queue_handle_t *handle, uint32_t local_head)
{
    handle->consumer.index = local_head;
    /* pairs with the acquire loads of head by the producer */
    store_release_32(&handle->queue->head, local_head);
}

/** Puts a character at *local_tail and advances it. */
static inline int serial_enqueue_local(
    serial_queue_handle_t *handle, uint32_t *local_tail, char character)
{
    if (serial_queue_full(handle, *local_tail)) {
        return -1;
    }
    handle->data_region[queue_slot(&handle->producer, *local_tail)] = character;
    (*local_tail)++;
    return 0;
}

/** Puts a character into the queue. */
static inline int serial_enqueue(serial_queue_handle_t *handle, char character)
{
    uint32_t tail = handle->producer.index;

    if (serial_enqueue_local(handle, &tail, character) != 0) {
        return -1;
    }
    serial_update_shared_tail(handle, tail);
    return 0;
}

/** Takes the character at *local_head and advances it. */
static inline int serial_dequeue_local(
    serial_queue_handle_t *handle, uint32_t *local_head, char *character)
{
    if (serial_queue_empty(handle, *local_head)) {
        return -1;
    }
    *character =
        handle->data_region[queue_slot(&handle->consumer, *local_head)];
    (*local_head)++;
    return 0;
}

/** Takes the oldest character. */
static inline int serial_dequeue(serial_queue_handle_t *handle, char *character)
{
    uint32_t head = handle->consumer.index;

    if (serial_dequeue_local(handle, &head, character) != 0) {
        return -1;
    }
    serial_update_shared_head(handle, head);
    return 0;
}

/** Characters the consumer can take before the data region wraps. */
static inline uint32_t serial_queue_contiguous_length(
    serial_queue_handle_t *handle)
{
    uint32_t ready = serial_queue_length_consumer(handle);

    if (ready == 0) {
        return 0;
    }
    return MIN(ready, handle->capacity - queue_slot(&handle->consumer,
                                             handle->consumer.index));
}

/** Characters the producer can add before the data region wraps. */
static inline uint32_t serial_queue_contiguous_free(
    serial_queue_handle_t *handle)
{
    uint32_t room = serial_queue_free(handle);

    if (room == 0) {
        return 0;
    }
    return MIN(room, handle->capacity -
                         queue_slot(&handle->producer, handle->producer.index));
}

/** Adds up to `num` characters.  Returns how many fitted. */
static inline uint32_t serial_enqueue_batch(
    serial_queue_handle_t *handle, uint32_t num, const char *src)
{
    uint32_t room = serial_queue_free(handle);

    num = MIN(num, room);
    if (num == 0) {
        return 0;
    }

    uint32_t slot = queue_slot(&handle->producer, handle->producer.index);
    uint32_t first = MIN(num, handle->capacity - slot);

    memcpy(handle->data_region + slot, src, first);
    memcpy(handle->data_region, src + first, num - first);
    serial_update_shared_tail(handle, handle->producer.index + num);
    return num;
}

/**
 * Moves characters from `active` to `free_queue`: at most `max`, what is there
 * when the function starts, and what fits.  Returns how many.
 */
static inline uint32_t serial_transfer(serial_queue_handle_t *free_queue,
    serial_queue_handle_t *active, uint32_t max)
{
    uint32_t ready = serial_queue_length_consumer(active);
    uint32_t moved = 0;

    max = MIN(max, ready);
    while (moved < max) {
        uint32_t slot = queue_slot(&active->consumer, active->consumer.index);
        uint32_t piece = MIN(max - moved, active->capacity - slot);
        uint32_t added =
            serial_enqueue_batch(free_queue, piece, active->data_region + slot);

        if (added == 0) {
            break;
        }
        serial_update_shared_head(active, active->consumer.index + added);
        moved += added;
    }
    return moved;
}

/** Moves everything that fits. */
static inline void serial_transfer_all(
    serial_queue_handle_t *free_queue, serial_queue_handle_t *active)
{
    (void)serial_transfer(free_queue, active, UINT32_MAX);
}

/** Moves everything between two texts; the caller has checked the room. */
static inline void serial_transfer_all_colour(serial_queue_handle_t *free_queue,
    serial_queue_handle_t *active, const char *col_start,
    uint16_t col_start_len, const char *col_end, uint16_t col_end_len)
{
    (void)serial_enqueue_batch(free_queue, col_start_len, col_start);
    serial_transfer_all(free_queue, active);
    (void)serial_enqueue_batch(free_queue, col_end_len, col_end);
}

/** The producer found no room and asks for a signal.  It must look again. */
static inline void serial_request_consumer_signal(serial_queue_handle_t *handle)
{
    queue_signal_request(&handle->queue->producer_signalled);
}

/** The producer needs no signal, or the consumer is about to send it. */
static inline void serial_cancel_consumer_signal(serial_queue_handle_t *handle)
{
    queue_signal_cancel(&handle->queue->producer_signalled);
}

/** The consumer made room: does the producer wait for it? */
static inline bool serial_require_consumer_signal(serial_queue_handle_t *handle)
{
    return queue_signal_wanted(&handle->queue->producer_signalled);
}
