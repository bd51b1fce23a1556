/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two coroutines in one PD take turns.  The second has a stack in a region of
 * its own; it calls the kernel from there, and waits by giving the turn back.
 */
#include <stdint.h>

#include <microkit.h>

#define TURNS           3u
#define SAVED_WORDS     12u /* what coroutine_switch() keeps on a stack */
#define SAVED_RETURN    11u /* index of the return address among them */
#define COROUTINE_STACK 0x4000u

void coroutine_switch(uint64_t **from, uint64_t *to);

/* Filled in by the tool: the stack's region. */
uintptr_t coroutine_stack;

static struct {
    uint64_t *main;
    uint64_t *second;
    uint32_t turns;
} coroutine;

static void say(const char *who, uint32_t turn)
{
    microkit_dbg_puts(who);
    microkit_dbg_put32(turn);
    microkit_dbg_puts("\n");
}

static void second_main(void)
{
    for (uint32_t turn = 0;; turn++) {
        say("coroutine: second, turn ", turn);
        coroutine.turns++;
        coroutine_switch(&coroutine.second, coroutine.main);
    }
}

void init(void)
{
    uint64_t *top = (uint64_t *)(coroutine_stack + COROUTINE_STACK);

    coroutine.second = top - SAVED_WORDS;
    coroutine.second[SAVED_RETURN] = (uintptr_t)second_main;
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        say("coroutine: main, turn ", turn);
        coroutine_switch(&coroutine.main, coroutine.second);
    }
    say("coroutine: turns of the second: ", coroutine.turns);
}

void notified(microkit_channel ch)
{
    (void)ch;
}
