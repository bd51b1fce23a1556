/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explore.h - runs a small concurrent program in every possible way.
 *
 * Shape     a program is up to four threads that meet in registered words,
 *           through tests/model/fake/sddf/util/fence.h, and in signals.  The
 *           explorer tries every interleaving and, for every load, every value
 *           that the memory model allows.
 * Memory    view-based release/acquire (as in C11 without load buffering): a
 *           word is the list of its stores; a thread's view says which store
 *           of each word it must not go behind; acquire joins the view that a
 *           release store carries; sequentially consistent fences join one
 *           global view.  So stale values, reordered loads and stores in a
 *           buffer all occur, as on AArch64.
 * Signals   as the kernel's notifications: binary, and what was done before
 *           the notify is visible to the thread that it wakes.
 * Errors    the first violation is kept: a race on data, a deadlock, or what
 *           the program reports with explore_fail().
 * Source    Kang et al., "A promising semantics for relaxed-memory
 *           concurrency", POPL 2017, without promises.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

#define EXPLORE_THREADS_MAX 4
#define EXPLORE_WORDS_MAX   24
#define EXPLORE_STORES_MAX  40

enum explore_order {
    EXPLORE_RELAXED,
    EXPLORE_ORDERED, /* acquire for a load, release for a store */
};

/* Ways to break the code under test, to see that it is noticed. */
enum explore_fault {
    EXPLORE_SOUND,
    EXPLORE_NO_FENCE,
    EXPLORE_NO_ACQUIRE,
    EXPLORE_NO_RELEASE,
};

struct explore_program {
    uint32_t thread_count;
    void (*thread)(uint32_t id); /* the body of each */
    void (*reset)(void);         /* private state; registers words and data */
    const char *(*end)(void);    /* when all have finished: what is wrong */
    uint32_t background;         /* threads that need not finish, as bits */
};

struct explore_result {
    const char *violation; /* NULL: none in any execution */
    uint64_t executions;
    uint64_t states;
    uint32_t deepest; /* steps of the longest execution */
};

/** Explores `program`, stopping at the first violation. */
struct explore_result explore(
    const struct explore_program *program, enum explore_fault fault);

/* --- for reset() ----------------------------------------------------------- */

/** Makes `address` a shared word with a first value. */
void explore_word(const volatile void *address, uint32_t value);
/** Makes room for `count` pieces of plain data, numbered from 0. */
void explore_data(uint32_t count);

/* --- for threads ------------------------------------------------------------ */

/** The shared operations; each is a point where others may run. */
uint32_t explore_load(const volatile void *address, enum explore_order order);
void explore_store(
    const volatile void *address, uint32_t value, enum explore_order order);
void explore_fence(void);

/** Reads or writes plain data; a race is a violation. */
void explore_read(uint32_t data);
void explore_write(uint32_t data);

/** Wakes `thread`, now or when it next waits. */
void explore_notify(uint32_t thread);
/** Waits for a notification and takes it. */
void explore_wait(void);
/** One of 0 .. count-1: every choice is explored. */
uint32_t explore_choose(uint32_t count);

/** Reports a violation and ends this execution. */
NORETURN void explore_fail(const char *what);
