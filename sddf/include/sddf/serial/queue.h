/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.h - a line of characters between two components.
 *
 * Shape     a 12-byte header in one page and a data region of `capacity`
 *           bytes; indices 32 bits wide and running freely (queue_core.h).
 *           A struct serial_batch (queue_batch.h) or, as in sDDF, functions with
 *           a local index work ahead of what the peer sees, until
 *           serial_batch_publish(), serial_update_shared_tail() or _head().
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

#include <sddf/util/queue_batch.h>
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

/*
 * A batch: a consumer takes characters, and by publishing gives their room
 * back; a producer puts characters, and by publishing shows them.
 */
struct serial_batch {
    struct queue_batch n;  /* how many, and where */
    char *data;            /* the queue's data region */
    _Atomic uint32_t *own; /* our index in the page */
};

/** A batch of characters to take.  For the consumer. */
static inline struct serial_batch serial_batch_take(
    serial_queue_handle_t *handle)
{
    uint32_t ready = serial_queue_length_consumer(handle);

    return (struct serial_batch){
        .n = queue_batch_begin(&handle->consumer, ready),
        .data = handle->data_region,
        .own = &handle->queue->head,
    };
}

/** A batch of room to fill.  For the producer. */
static inline struct serial_batch serial_batch_put(
    serial_queue_handle_t *handle)
{
    uint32_t room = serial_queue_free(handle);

    return (struct serial_batch){
        .n = queue_batch_begin(&handle->producer, room),
        .data = handle->data_region,
        .own = &handle->queue->tail,
    };
}

/** Reads the next character.  Only while any is left. */
static inline char serial_batch_read(struct serial_batch *batch)
{
    return batch->data[queue_batch_next(&batch->n)];
}

/** Writes the next character.  Only while any is left. */
static inline void serial_batch_write(
    struct serial_batch *batch, char character)
{
    batch->data[queue_batch_next(&batch->n)] = character;
}

/** Uses up to `most` characters that lie in one piece.  Returns their number,
 *  0 when none is left, and where they are. */
static inline uint32_t serial_batch_piece(
    struct serial_batch *batch, uint32_t most, char **where)
{
    uint32_t slot = batch->n.index & batch->n.mask;
    uint32_t piece = MIN(most, queue_batch_left(&batch->n));

    piece = MIN(piece, batch->n.mask + 1 - slot);
    *where = batch->data + slot;
    queue_batch_skip(&batch->n, piece);
    return piece;
}

/** Ends the batch: the peer sees what was done. */
static inline void serial_batch_publish(struct serial_batch *batch)
{
    /* pairs with the acquire loads of tail by the consumer, of head by the
     * producer */
    store_release_32(batch->own, queue_batch_end(&batch->n, QUEUE_WRAP_32));
}

/* Writes up to `num` characters.  Returns how many fitted. */
static inline uint32_t serial_batch_copy(
    struct serial_batch *batch, uint32_t num, const char *src)
{
    uint32_t added = 0;
    char *to;

    while (added < num) {
        uint32_t piece = serial_batch_piece(batch, num - added, &to);

        if (piece == 0) {
            break;
        }
        memcpy(to, src + added, piece);
        added += piece;
    }
    return added;
}

/** Adds up to `num` characters.  Returns how many fitted. */
static inline uint32_t serial_enqueue_batch(
    serial_queue_handle_t *handle, uint32_t num, const char *src)
{
    struct serial_batch to = serial_batch_put(handle);
    uint32_t added = serial_batch_copy(&to, num, src);

    if (added > 0) {
        serial_batch_publish(&to);
    }
    return added;
}

/**
 * Moves characters from `active` to `free_queue`: at most `max`, what is there
 * when the function starts, and what fits.  Returns how many.
 */
static inline uint32_t serial_transfer(serial_queue_handle_t *free_queue,
    serial_queue_handle_t *active, uint32_t max)
{
    struct serial_batch from = serial_batch_take(active);
    struct serial_batch to = serial_batch_put(free_queue);
    uint32_t moved = 0;

    queue_batch_restrict(&from.n, max);
    queue_batch_restrict(&from.n, queue_batch_left(&to.n));
    while (queue_batch_left(&from.n) > 0) {
        char *piece;
        uint32_t len = serial_batch_piece(&from, UINT32_MAX, &piece);

        moved += serial_batch_copy(&to, len, piece);
    }
    if (moved > 0) {
        serial_batch_publish(&to);
        serial_batch_publish(&from);
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
