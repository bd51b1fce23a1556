/* SPDX-License-Identifier: BSD-2-Clause */
/* fence.h - in place of sddf's: every access goes through the explorer. */
#pragma once

#include <stdint.h>

#include "tests/model/explore.h"

static inline uint32_t load_acquire_32(const _Atomic uint32_t *word)
{
    return explore_load(word, EXPLORE_ORDERED);
}

static inline void store_release_32(_Atomic uint32_t *word, uint32_t value)
{
    explore_store(word, value, EXPLORE_ORDERED);
}

static inline uint32_t load_relaxed_32(const _Atomic uint32_t *word)
{
    return explore_load(word, EXPLORE_RELAXED);
}

static inline void store_relaxed_32(_Atomic uint32_t *word, uint32_t value)
{
    explore_store(word, value, EXPLORE_RELAXED);
}

static inline uint16_t load_acquire_16(const _Atomic uint16_t *word)
{
    return (uint16_t)explore_load(word, EXPLORE_ORDERED);
}

static inline void store_release_16(_Atomic uint16_t *word, uint16_t value)
{
    explore_store(word, value, EXPLORE_ORDERED);
}

static inline uint16_t load_relaxed_16(const _Atomic uint16_t *word)
{
    return (uint16_t)explore_load(word, EXPLORE_RELAXED);
}

static inline void store_relaxed_16(_Atomic uint16_t *word, uint16_t value)
{
    explore_store(word, value, EXPLORE_RELAXED);
}

static inline void fence_seq_cst(void)
{
    explore_fence();
}
