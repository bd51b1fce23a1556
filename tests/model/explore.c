/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Depth-first search by replay.  An execution is the list of choices made at
 * its steps; to try the next one, everything is reset and the list is replayed
 * up to the last step that has a choice left.  A state seen before (by hash)
 * ends its branch.
 *
 * Threads are coroutines on stacks of their own.  A thread runs until it asks
 * for a shared operation, then yields to the search with that operation in its
 * `pending`; the search decides which thread's operation happens next, and
 * with what result, carries it out, and resumes that thread.
 */
#include "tests/model/explore.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define STACK_SIZE (256 * 1024)
#define DEPTH_MAX  400
#define SEEN_BITS  23
#define SEEN_MAX   (UINT32_C(1) << SEEN_BITS)
#define NO_THREAD  EXPLORE_THREADS_MAX

enum kind {
    KIND_LOAD,
    KIND_STORE,
    KIND_FENCE,
    KIND_NOTIFY,
    KIND_WAIT,
    KIND_CHOOSE,
    KIND_FINISHED,
};

/* For each word, the number of the store that must not be gone behind. */
struct view {
    uint8_t at[EXPLORE_WORDS_MAX];
};

struct store {
    uint32_t value;
    struct view view; /* what an acquire load of it brings along */
};

struct word {
    const volatile void *address;
    uint32_t count;
    struct store store[EXPLORE_STORES_MAX];
};

struct operation {
    enum kind kind;
    enum explore_order order;
    uint32_t word;   /* or thread, or number of choices */
    uint32_t value;  /* to store */
    uint32_t result; /* of a load or choice */
};

struct thread {
    struct operation pending;
    struct view now;    /* what it has seen */
    struct view later;  /* what a fence will add: relaxed loads' views */
    struct view fenced; /* what relaxed stores carry: the last fence's */
    uint64_t history;   /* hash of what it observed: stands for its state */
    bool signalled;
    struct view signal; /* what the notifier had seen */
};

struct step {
    uint32_t choice;
    uint32_t count;
};

/* Everything an execution changes. */
static struct {
    struct thread thread[EXPLORE_THREADS_MAX];
    struct word word[EXPLORE_WORDS_MAX];
    uint32_t word_count;
    uint32_t data_base; /* two words per piece of data: writes, reads */
    struct view fence;  /* the global view of fences */
    uint32_t running;
    const char *violation;
} world;

/* Everything the search keeps. */
static struct {
    const struct explore_program *program;
    enum explore_fault fault;
    struct step step[DEPTH_MAX];
    uint32_t depth;
    uint64_t *seen;
    uint64_t states;
} search;

static ucontext_t contexts[EXPLORE_THREADS_MAX];
static jmp_buf resume[EXPLORE_THREADS_MAX];
static jmp_buf restart[EXPLORE_THREADS_MAX];
static jmp_buf scheduler;
static char *stacks[EXPLORE_THREADS_MAX];

/* --- views ------------------------------------------------------------------ */

static void view_join(struct view *view, const struct view *other)
{
    for (uint32_t i = 0; i < EXPLORE_WORDS_MAX; i++) {
        if (view->at[i] < other->at[i]) {
            view->at[i] = other->at[i];
        }
    }
}

/* --- the thread's side -------------------------------------------------------- */

static uint32_t ask(struct operation operation)
{
    uint32_t id = world.running;

    world.thread[id].pending = operation;
    if (_setjmp(resume[id]) == 0) {
        _longjmp(scheduler, 1);
    }
    return world.thread[id].pending.result;
}

static uint32_t find_word(const volatile void *address)
{
    for (uint32_t i = 0; i < world.word_count; i++) {
        if (world.word[i].address == address) {
            return i;
        }
    }
    explore_fail("an access to an unregistered word");
}

uint32_t explore_load(const volatile void *address, enum explore_order order)
{
    if (world.running == NO_THREAD) { /* reset() may look at first values */
        return world.word[find_word(address)].store[0].value;
    }
    if (search.fault == EXPLORE_NO_ACQUIRE) {
        order = EXPLORE_RELAXED;
    }
    return ask((struct operation){
        .kind = KIND_LOAD, .word = find_word(address), .order = order });
}

void explore_store(
    const volatile void *address, uint32_t value, enum explore_order order)
{
    if (search.fault == EXPLORE_NO_RELEASE) {
        order = EXPLORE_RELAXED;
    }
    (void)ask((struct operation){ .kind = KIND_STORE,
        .word = find_word(address),
        .value = value,
        .order = order });
}

void explore_fence(void)
{
    if (search.fault != EXPLORE_NO_FENCE) {
        (void)ask((struct operation){ .kind = KIND_FENCE });
    }
}

void explore_notify(uint32_t thread)
{
    (void)ask((struct operation){ .kind = KIND_NOTIFY, .word = thread });
}

void explore_wait(void)
{
    (void)ask((struct operation){ .kind = KIND_WAIT });
}

uint32_t explore_choose(uint32_t count)
{
    return ask((struct operation){ .kind = KIND_CHOOSE, .word = count });
}

NORETURN void explore_fail(const char *what)
{
    world.violation = what;
    if (world.running == NO_THREAD) {
        fprintf(stderr, "explore: %s outside a thread\n", what);
        abort();
    }
    _longjmp(scheduler, 1);
}

static bool has_latest(const struct thread *thread, uint32_t word)
{
    return thread->now.at[word] + 1u == world.word[word].count;
}

static void append(uint32_t word, uint32_t value, const struct view *view)
{
    struct word *w = &world.word[word];

    if (w->count == EXPLORE_STORES_MAX) {
        fprintf(stderr, "explore: too many stores\n");
        abort();
    }
    w->store[w->count].value = value;
    w->store[w->count].view = *view;
    w->count++;
}

/* Plain data: whoever touches it must know of every earlier write, and who
 * writes it of every earlier read, too. */
static void touch(uint32_t data, bool is_write)
{
    struct thread *thread = &world.thread[world.running];
    uint32_t writes = world.data_base + 2 * data;
    uint32_t reads = writes + 1;
    uint32_t own = is_write ? writes : reads;

    if (!has_latest(thread, writes) ||
        (is_write && !has_latest(thread, reads))) {
        explore_fail("a race on data");
    }
    append(own, 0, &thread->now);
    thread->now.at[own] = (uint8_t)(world.word[own].count - 1);
}

void explore_read(uint32_t data)
{
    touch(data, false);
}

void explore_write(uint32_t data)
{
    touch(data, true);
}

/* --- what an operation does ---------------------------------------------------- */

static void do_load(struct thread *thread, uint32_t choice)
{
    struct operation *op = &thread->pending;
    uint32_t at = thread->now.at[op->word] + choice;
    const struct store *store = &world.word[op->word].store[at];

    op->result = store->value;
    thread->now.at[op->word] = (uint8_t)at;
    if (op->order == EXPLORE_ORDERED) {
        view_join(&thread->now, &store->view);
    }
    view_join(&thread->later, &store->view);
}

static void do_store(struct thread *thread)
{
    const struct operation *op = &thread->pending;
    uint8_t at = (uint8_t)world.word[op->word].count;

    thread->now.at[op->word] = at;

    struct view view =
        op->order == EXPLORE_ORDERED ? thread->now : thread->fenced;

    view.at[op->word] = at;
    append(op->word, op->value, &view);
}

static void do_fence(struct thread *thread)
{
    view_join(&thread->now, &thread->later);
    view_join(&thread->now, &world.fence);
    world.fence = thread->now;
    thread->fenced = thread->now;
}

static void do_notify(const struct thread *thread)
{
    struct thread *target = &world.thread[thread->pending.word];

    target->signalled = true;
    view_join(&target->signal, &thread->now);
}

static void do_wait(struct thread *thread)
{
    thread->signalled = false;
    view_join(&thread->now, &thread->signal);
}

static void perform(struct thread *thread, uint32_t choice)
{
    switch (thread->pending.kind) {
    case KIND_LOAD:
        do_load(thread, choice);
        break;
    case KIND_STORE:
        do_store(thread);
        break;
    case KIND_FENCE:
        do_fence(thread);
        break;
    case KIND_NOTIFY:
        do_notify(thread);
        break;
    case KIND_WAIT:
        do_wait(thread);
        break;
    case KIND_CHOOSE:
        thread->pending.result = choice;
        break;
    case KIND_FINISHED:
        break;
    }
}

/* How many ways the thread's pending operation can go now. */
static uint32_t ways(const struct thread *thread)
{
    const struct operation *op = &thread->pending;

    switch (op->kind) {
    case KIND_LOAD:
        return world.word[op->word].count - thread->now.at[op->word];
    case KIND_STORE:
    case KIND_FENCE:
    case KIND_NOTIFY:
        return 1;
    case KIND_WAIT:
        return thread->signalled ? 1 : 0;
    case KIND_CHOOSE:
        return op->word;
    case KIND_FINISHED:
        break;
    }
    return 0;
}

/* --- running threads -------------------------------------------------------------- */

static void trampoline(void)
{
    uint32_t id = world.running;

    if (_setjmp(restart[id]) == 0) {
        _longjmp(scheduler, 1);
    }
    search.program->thread(world.running);
    world.thread[world.running].pending.kind = KIND_FINISHED;
    _longjmp(scheduler, 1);
}

/* Lets thread `id` run up to its next operation. */
static void run(uint32_t id, jmp_buf from)
{
    world.running = id;
    if (_setjmp(scheduler) == 0) {
        _longjmp(from, 1);
    }
    world.running = NO_THREAD;
}

/* Brings thread `id` to its restart point. */
static void make_thread(uint32_t id)
{
    ucontext_t *context = &contexts[id];

    stacks[id] = stacks[id] != NULL ? stacks[id] : malloc(STACK_SIZE);
    if (stacks[id] == NULL || getcontext(context) != 0) {
        abort();
    }
    context->uc_stack.ss_sp = stacks[id];
    context->uc_stack.ss_size = STACK_SIZE;
    context->uc_link = NULL;
    makecontext(context, trampoline, 0);
    world.running = id;
    if (_setjmp(scheduler) == 0) {
        setcontext(context);
    }
    world.running = NO_THREAD;
}

void explore_word(const volatile void *address, uint32_t value)
{
    struct view none = { .at = { 0 } };

    if (world.word_count == EXPLORE_WORDS_MAX) {
        abort();
    }
    world.word[world.word_count].address = address;
    world.word[world.word_count].count = 0;
    world.word_count++;
    append(world.word_count - 1, value, &none);
}

void explore_data(uint32_t count)
{
    world.data_base = world.word_count;
    for (uint32_t i = 0; i < 2 * count; i++) {
        explore_word(NULL, 0);
    }
}

/* --- the search ---------------------------------------------------------------------- */

static uint64_t mix_number(uint64_t hash, uint64_t n)
{
    hash = (hash ^ n) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t mix_view(uint64_t hash, const struct view *view)
{
    uint64_t word[EXPLORE_WORDS_MAX / 8];

    memcpy(word, view, sizeof(word));
    for (uint32_t i = 0; i < EXPLORE_WORDS_MAX / 8; i++) {
        hash = mix_number(hash, word[i]);
    }
    return hash;
}

static uint64_t hash_world(void)
{
    uint64_t hash = 1;

    for (uint32_t i = 0; i < world.word_count; i++) {
        const struct word *word = &world.word[i];

        hash = mix_number(hash, word->count);
        for (uint32_t s = 0; s < word->count; s++) {
            hash = mix_number(hash, word->store[s].value);
            hash = mix_view(hash, &word->store[s].view);
        }
    }
    for (uint32_t i = 0; i < search.program->thread_count; i++) {
        const struct thread *thread = &world.thread[i];

        hash = mix_number(hash, thread->history);
        hash = mix_number(hash, thread->signalled);
        hash = mix_view(hash, &thread->now);
        hash = mix_view(hash, &thread->later);
        hash = mix_view(hash, &thread->fenced);
        hash = mix_view(hash, &thread->signal);
    }
    return mix_view(hash, &world.fence) | 1;
}

/* Returns whether the present state is new. */
static bool remember(void)
{
    uint64_t hash = hash_world();
    uint64_t at = hash >> (64 - SEEN_BITS);

    while (search.seen[at] != 0) {
        if (search.seen[at] == hash) {
            return false;
        }
        at = (at + 1) % SEEN_MAX;
    }
    search.seen[at] = hash;
    search.states++;
    if (search.states > SEEN_MAX / 4 * 3) {
        fprintf(stderr, "explore: too many states\n");
        abort();
    }
    return true;
}

static void begin(void)
{
    memset(&world.thread, 0, sizeof(world.thread));
    memset(&world.fence, 0, sizeof(world.fence));
    world.word_count = 0;
    world.violation = NULL;
    world.running = NO_THREAD;
    search.program->reset();
    for (uint32_t i = 0; i < search.program->thread_count; i++) {
        if (world.violation == NULL) {
            run(i, restart[i]);
        }
    }
}

static uint32_t count_ways(void)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < search.program->thread_count; i++) {
        total += ways(&world.thread[i]);
    }
    return total;
}

/* Carries out the choice-th of all ways to go on. */
static void go(uint32_t choice)
{
    uint32_t id = 0;

    while (choice >= ways(&world.thread[id])) {
        choice -= ways(&world.thread[id]);
        id++;
    }

    struct thread *thread = &world.thread[id];

    perform(thread, choice);
    thread->history = mix_number(thread->history,
        (uint64_t)thread->pending.kind << 32 | thread->pending.result);
    run(id, resume[id]);
}

/* Nobody can go on: is that the end, or a deadlock? */
static void finish(void)
{
    for (uint32_t i = 0; i < search.program->thread_count; i++) {
        bool may_wait = (search.program->background >> i & 1) != 0;

        if (world.thread[i].pending.kind != KIND_FINISHED && !may_wait) {
            world.violation = "a deadlock";
            return;
        }
    }
    world.violation = search.program->end();
}

/* Replays the chosen steps, then goes on with first choices. */
static void execute(void)
{
    uint32_t at = 0;

    begin();
    while (world.violation == NULL) {
        bool replaying = at < search.depth;
        uint32_t total = count_ways();

        if (total == 0) {
            finish();
            return;
        }
        if (!replaying) {
            if (at == DEPTH_MAX) {
                world.violation = "no end in sight";
                return;
            }
            if (!remember()) {
                return;
            }
            search.step[at].choice = 0;
            search.step[at].count = total;
            search.depth++;
        }
        go(search.step[at].choice);
        at++;
    }
}

/* Moves on to the next list of choices.  Returns false after the last. */
static bool advance(void)
{
    while (search.depth > 0) {
        struct step *last = &search.step[search.depth - 1];

        last->choice++;
        if (last->choice < last->count) {
            return true;
        }
        search.depth--;
    }
    return false;
}

struct explore_result explore(
    const struct explore_program *program, enum explore_fault fault)
{
    struct explore_result result = { .violation = NULL };

    memset(&search, 0, sizeof(search));
    search.program = program;
    search.fault = fault;
    search.seen = calloc(SEEN_MAX, sizeof(search.seen[0]));
    if (search.seen == NULL) {
        abort();
    }
    for (uint32_t i = 0; i < program->thread_count; i++) {
        make_thread(i);
    }
    do {
        execute();
        result.executions++;
        if (search.depth > result.deepest) {
            result.deepest = search.depth;
        }
    } while (world.violation == NULL && advance());
    result.violation = world.violation;
    result.states = search.states;
    free(search.seen);
    return result;
}
