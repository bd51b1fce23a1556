/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fence.h - the only operations on words shared with a peer.
 *
 * Shape     load and store, relaxed or ordered, on 16 and 32 bit words, and
 *           the full fence of the signalling protocols.
 * Trust     a loaded value is the peer's: copy once, check, then use.
 * Source    names of sDDF 0.7, where ordering depends on the configuration; here
 *           it does not.  tests/model replaces this file by one that
 *           explores every interleaving and every delay of a store.
 */
#pragma once

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>

static_assert(ATOMIC_INT_LOCK_FREE == 2, "32 bit words must be lock free");
static_assert(ATOMIC_SHORT_LOCK_FREE == 2, "16 bit words must be lock free");

/** What the peer did before its store_release_32() is visible after this. */
static inline uint32_t load_acquire_32(const _Atomic uint32_t *word)
{
    return atomic_load_explicit(word, memory_order_acquire);
}

/** Publishes what was done before to a load_acquire_32() of this word. */
static inline void store_release_32(_Atomic uint32_t *word, uint32_t value)
{
    atomic_store_explicit(word, value, memory_order_release);
}

static inline uint32_t load_relaxed_32(const _Atomic uint32_t *word)
{
    return atomic_load_explicit(word, memory_order_relaxed);
}

static inline void store_relaxed_32(_Atomic uint32_t *word, uint32_t value)
{
    atomic_store_explicit(word, value, memory_order_relaxed);
}

/** What the peer did before its store_release_16() is visible after this. */
static inline uint16_t load_acquire_16(const _Atomic uint16_t *word)
{
    return atomic_load_explicit(word, memory_order_acquire);
}

/** Publishes what was done before to a load_acquire_16() of this word. */
static inline void store_release_16(_Atomic uint16_t *word, uint16_t value)
{
    atomic_store_explicit(word, value, memory_order_release);
}

static inline uint16_t load_relaxed_16(const _Atomic uint16_t *word)
{
    return atomic_load_explicit(word, memory_order_relaxed);
}

static inline void store_relaxed_16(_Atomic uint16_t *word, uint16_t value)
{
    atomic_store_explicit(word, value, memory_order_relaxed);
}

/** Orders every earlier access before every later one.  Each user says which
 *  reordering it forbids. */
static inline void fence_seq_cst(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}
