/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap.c - see heap.h.
 *
 * A piece is told from memory of lwIP's heap by its address.  When all pieces are
 * in use, lwIP's heap gives short memory, too.
 */
#include "lions/net/heap.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/check.h"

struct piece {
    struct piece *next; /* while free; OUT while it is not */
    alignas(max_align_t) uint8_t data[HEAP_PIECE];
};

static struct {
    struct piece *free;
    uint32_t used; /* pieces that were ever given out: those before it */
    struct piece piece[HEAP_PIECES];
} heap;

/* An address that no piece has. */
#define OUT ((struct piece *)(void *)&heap)

static inline bool is_piece(const void *memory)
{
    return (uintptr_t)memory - (uintptr_t)heap.piece < sizeof(heap.piece);
}

void *heap_malloc(mem_size_t size)
{
    struct piece *piece = heap.free;

    if (size > HEAP_PIECE) {
        return mem_malloc(size);
    }
    if (piece != NULL) {
        heap.free = piece->next;
    } else if (heap.used < HEAP_PIECES) {
        piece = &heap.piece[heap.used++];
    } else {
        return mem_malloc(size);
    }
    piece->next = OUT;
    return piece->data;
}

void heap_free(void *memory)
{
    if (!is_piece(memory)) {
        mem_free(memory);
        return;
    }
    struct piece *piece =
        (struct piece *)(void *)((uint8_t *)memory -
                                 offsetof(struct piece, data));
    CHECK(piece->next == OUT); /* else it was given back before */
    piece->next = heap.free;
    heap.free = piece;
}

void *heap_trim(void *memory, mem_size_t size)
{
    return is_piece(memory) ? memory : mem_trim(memory, size);
}
