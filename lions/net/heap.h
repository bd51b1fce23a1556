/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap.h - lwIP's heap with a list of short pieces in front.
 *
 * Shape     lwIP is compiled to call these where its sources say mem_malloc(),
 *           mem_free() and mem_trim(); only its heap itself, mem.c, is not, and
 *           does the rest of the work.
 * Units     bytes.
 * Owner     lwIP, one instance per program.
 * Trust     callers are our own lwIP and program.
 * Errors    NULL when there is no room, as lwIP's; a piece that is given back
 *           twice, or not where it begins, breaks an invariant: CHECK.
 * Source    lwip/mem.h.
 *
 * Each datagram made from a received one, and each TCP segment that refers to
 * its data, needs a piece of memory for headers, and gives it back soon.  lwIP's
 * heap searches, splits and merges for it.
 */
#pragma once

#include "lwip/mem.h"

#define HEAP_PIECE  128u /* a pbuf with the headers of all layers fits */
#define HEAP_PIECES 64u

/** Memory for `size` bytes, aligned for any type; NULL if there is none. */
void *heap_malloc(mem_size_t size);

/** Gives back what heap_malloc() or mem_malloc() gave. */
void heap_free(void *memory);

/** Makes memory smaller; returns where it is. */
void *heap_trim(void *memory, mem_size_t size);
