/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue_batch.h - several elements of a queue handled as one.
 *
 * Shape     One side of a queue looks once at what the peer offers: elements
 *           to take if it is the consumer, room to fill if it is the producer.
 *           It uses as many of these as it likes, one after the other, in its
 *           own time, and makes all of them visible by one store:
 *
 *             begin     stop = our index + what the peer offers   acquire load
 *             next      slot of `index`, which moves towards stop
 *             publish   our index = index                         release store
 *
 *           The batch is over when it is published; the next one begins with
 *           a look.  One that is only shown goes on with what is left of it,
 *           without another look.  A batch that is forgotten instead changes
 *           nothing: the peer has seen none of it.  The queues of each class
 *           wrap this in functions that know what an element is:
 *           network/queue.h, serial/queue.h.
 * Units     elements.
 * Owner     the side whose struct queue_end it names; one batch at a time.
 * Trust     what is offered was checked against the queue's capacity (queue_core.h), so
 *           a peer that writes nonsense leads no batch outside the slots.  What
 *           a slot holds is the peer's all the same.
 * Errors    a batch that offers nothing has nothing left.
 * Source    tests/model/queue_model.c explores the wrapped functions.
 */
#pragma once

#include <stdint.h>

#include <sddf/util/queue_core.h>

struct queue_batch {
    struct queue_end *end; /* the side that it belongs to; its index is where
                              the batch began */
    uint32_t index;        /* of the next element; not wrapped */
    uint32_t stop;         /* index behind the last that may be used */
    uint32_t mask;         /* makes a slot of an index */
};

/** Begins with the `count` elements that queue_ready() or queue_room() said. */
static inline struct queue_batch queue_batch_begin(
    struct queue_end *end, uint32_t count)
{
    return (struct queue_batch){ .end = end,
        .index = end->index,
        .stop = end->index + count,
        .mask = end->capacity - 1 };
}

/** How many elements may still be used. */
static inline uint32_t queue_batch_left(const struct queue_batch *batch)
{
    return batch->stop - batch->index;
}

/** How many elements have been used since the batch began. */
static inline uint32_t queue_batch_used(const struct queue_batch *batch)
{
    return batch->index - batch->end->index;
}

/** Lets no more than `most` further elements be used. */
static inline void queue_batch_restrict(
    struct queue_batch *batch, uint32_t most)
{
    uint32_t left = queue_batch_left(batch);

    batch->stop = batch->index + (left < most ? left : most);
}

/** The slot of the next element, which then is used.  Only while any is left. */
static inline uint32_t queue_batch_next(struct queue_batch *batch)
{
    return batch->index++ & batch->mask;
}

/** Uses `count` elements at once; no more than are left. */
static inline void queue_batch_skip(struct queue_batch *batch, uint32_t count)
{
    batch->index += count;
}

/** Takes back the last use: the element is the next one again. */
static inline void queue_batch_undo(struct queue_batch *batch)
{
    batch->index--;
}

/** The batch goes on behind what was used.  Returns our index there; the caller
 *  stores it into the page, with release. */
static inline uint32_t queue_batch_show(
    struct queue_batch *batch, uint32_t wrap)
{
    uint32_t left = queue_batch_left(batch);
    uint32_t index = batch->index & wrap;

    batch->end->index = index;
    batch->index = index;
    batch->stop = index + left;
    return index;
}

/** Ends the batch; else as queue_batch_show(). */
static inline uint32_t queue_batch_end(struct queue_batch *batch, uint32_t wrap)
{
    batch->stop = batch->index;
    return queue_batch_show(batch, wrap);
}
