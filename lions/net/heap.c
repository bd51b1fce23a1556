/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap.c - see heap.h.
 *
 * Whose a piece of memory is, its address says.  When the pieces are all out,
 * lwIP's heap gives short memory too.
 */
#include "lions/net/heap.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

union piece {
    union piece *next; /* while free */
    alignas(max_align_t) uint8_t data[HEAP_PIECE];
};

static struct {
    union piece *free;
    uint32_t used; /* pieces that were ever given out: those before it */
    union piece piece[HEAP_PIECES];
} heap;

static inline bool is_piece(const void *memory)
{
    return (uintptr_t)memory - (uintptr_t)heap.piece < sizeof(heap.piece);
}

void *heap_malloc(mem_size_t size)
{
    union piece *piece = heap.free;

    if (size > HEAP_PIECE) {
        return mem_malloc(size);
    }
    if (piece != NULL) {
        heap.free = piece->next;
        return piece;
    }
    if (heap.used < HEAP_PIECES) {
        return &heap.piece[heap.used++];
    }
    return mem_malloc(size);
}

void heap_free(void *memory)
{
    union piece *piece = memory;

    if (!is_piece(memory)) {
        mem_free(memory);
        return;
    }
    piece->next = heap.free;
    heap.free = piece;
}

void *heap_trim(void *memory, mem_size_t size)
{
    return is_piece(memory) ? memory : mem_trim(memory, size);
}
