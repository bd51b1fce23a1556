/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copying and comparing by 64-bit words.  The main loops move 64 bytes in eight
 * loads and eight stores, which compilers pair (ldp/stp on AArch64).  The
 * destination is aligned first; the source may then be misaligned, which
 * normal memory allows.  Where both agree modulo 8, every access is aligned.
 */
#include "base/mem.h"

#include <stdint.h>

/* A word at any address, of any effective type. */
typedef uint64_t word_t __attribute__((aligned(1), may_alias));
typedef uint64_t aligned_word_t __attribute__((may_alias));

#define WORD sizeof(uint64_t)

static size_t bytes_to_alignment(const void *p)
{
    return (size_t)(-(uintptr_t)p & (WORD - 1));
}

static void copy_bytes_up(uint8_t *to, const uint8_t *from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = from[i];
    }
}

/* 64 bytes at any addresses: loads first, so that all are paired. */
__attribute__((always_inline)) static inline void copy_line(
    uint8_t *to, const uint8_t *from)
{
    const word_t *source = (const word_t *)from;
    word_t *target = (word_t *)to;
    uint64_t a = source[0];
    uint64_t b = source[1];
    uint64_t c = source[2];
    uint64_t d = source[3];
    uint64_t e = source[4];
    uint64_t f = source[5];
    uint64_t g = source[6];
    uint64_t h = source[7];

    target[0] = a;
    target[1] = b;
    target[2] = c;
    target[3] = d;
    target[4] = e;
    target[5] = f;
    target[6] = g;
    target[7] = h;
}

/* Lowest address first: right when `to` is below `from`. */
static void copy_up(uint8_t *to, const uint8_t *from, size_t size)
{
    size_t head = bytes_to_alignment(to);

    if (size < 2 * WORD) {
        copy_bytes_up(to, from, size);
        return;
    }
    copy_bytes_up(to, from, head);
    to += head;
    from += head;
    size -= head;
    for (; size >= 8 * WORD; size -= 8 * WORD) {
        copy_line(to, from);
        to += 8 * WORD;
        from += 8 * WORD;
    }
    for (; size >= WORD; size -= WORD) {
        *(aligned_word_t *)(void *)to = *(const word_t *)from;
        to += WORD;
        from += WORD;
    }
    copy_bytes_up(to, from, size);
}

static void copy_bytes_down(uint8_t *to, const uint8_t *from, size_t size)
{
    while (size > 0) {
        size--;
        to[size] = from[size];
    }
}

/* Highest address first: right when `to` is above `from`. */
static void copy_down(uint8_t *to, const uint8_t *from, size_t size)
{
    size_t tail = (uintptr_t)(to + size) & (WORD - 1);

    if (size < 2 * WORD) {
        copy_bytes_down(to, from, size);
        return;
    }
    size -= tail;
    copy_bytes_down(to + size, from + size, tail);
    while (size >= 2 * WORD) {
        size -= 2 * WORD;
        const word_t *source = (const word_t *)(from + size);
        aligned_word_t *target = (aligned_word_t *)(void *)(to + size);
        uint64_t a = source[0];
        uint64_t b = source[1];

        target[0] = a;
        target[1] = b;
    }
    copy_bytes_down(to, from, size);
}

/* 16 bytes at any addresses. */
__attribute__((always_inline)) static inline void copy_pair(
    uint8_t *to, const uint8_t *from)
{
    const word_t *source = (const word_t *)from;
    word_t *target = (word_t *)to;
    uint64_t a = source[0];
    uint64_t b = source[1];

    target[0] = a;
    target[1] = b;
}

/* The regions do not overlap, so the first and last 16 bytes may be copied as
 * such, whatever the middle copies again. */
void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    if (size < 2 * WORD) {
        copy_bytes_up(target, source, size);
        return to;
    }

    const uint8_t *last = source + size - 2 * WORD;
    uint8_t *target_last = target + size - 2 * WORD;
    if (((uintptr_t)target & (WORD - 1)) != 0) {
        size_t head = bytes_to_alignment(target);
        copy_pair(target, source);
        target += head;
        source += head;
        size -= head;
    }
    for (; size >= 16 * WORD; size -= 16 * WORD) {
        copy_line(target, source);
        copy_line(target + 8 * WORD, source + 8 * WORD);
        target += 16 * WORD;
        source += 16 * WORD;
    }
    for (; source < last; source += 2 * WORD) {
        copy_pair(target, source);
        target += 2 * WORD;
    }
    copy_pair(target_last, last);
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    if ((uintptr_t)to - (uintptr_t)from >= size) {
        copy_up(to, from, size);
    } else {
        copy_down(to, from, size);
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *p = to;
    uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);
    size_t head = bytes_to_alignment(p);

    if (size >= 2 * WORD) {
        size -= head;
        for (; head > 0; head--) {
            *p++ = (uint8_t)value;
        }
        for (; size >= 4 * WORD; size -= 4 * WORD) {
            aligned_word_t *target = (aligned_word_t *)(void *)p;

            target[0] = word;
            target[1] = word;
            target[2] = word;
            target[3] = word;
            p += 4 * WORD;
        }
        for (; size >= WORD; size -= WORD) {
            *(aligned_word_t *)(void *)p = word;
            p += WORD;
        }
    }
    for (; size > 0; size--) {
        *p++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *left = a;
    const uint8_t *right = b;

    while (size >= WORD && *(const word_t *)left == *(const word_t *)right) {
        left += WORD;
        right += WORD;
        size -= WORD;
    }
    for (; size > 0; size--, left++, right++) {
        if (*left != *right) {
            return (int)*left - (int)*right;
        }
    }
    return 0;
}
