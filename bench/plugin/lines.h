/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lines.h - which cache lines were touched since the last new interval.
 *
 * Shape     a hash table from line number to the interval it was last seen in.
 * Units     numbers of 64-byte lines.
 * Owner     detail.c, one table for instructions and one for data.
 * Errors    a full table forgets nothing: it counts no new lines and says so in
 *           `full`.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LINES_BITS  22u
#define LINES_SLOTS (1u << LINES_BITS)

struct lines {
    uint64_t line[LINES_SLOTS]; /* 0: free; line number + 1 */
    uint32_t seen[LINES_SLOTS]; /* interval */
    uint32_t used;
    bool full;
    uint64_t last; /* the line touched last, + 1 */
};

/** Notes a line; true if this interval had not touched it. */
static inline bool lines_touch(
    struct lines *lines, uint64_t line, uint32_t interval)
{
    uint64_t key = line + 1;
    uint64_t slot = (key * 0x9e3779b97f4a7c15u) >> (64 - LINES_BITS);

    lines->last = key;
    while (lines->line[slot] != key) {
        if (lines->line[slot] == 0) {
            if (lines->used >= LINES_SLOTS / 4 * 3) {
                lines->full = true;
                return false;
            }
            lines->used++;
            lines->line[slot] = key;
            break;
        }
        slot = (slot + 1) % LINES_SLOTS;
    }
    if (lines->seen[slot] == interval) {
        return false;
    }
    lines->seen[slot] = interval;
    return true;
}
