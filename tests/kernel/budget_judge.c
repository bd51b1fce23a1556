/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judge of the budget system: prints which share of the time each child
 * had, in thousandths, over a span that one of them ends.
 */
#include <stdatomic.h>

#include <microkit.h>
#include <pride.h>

#include "tests/kernel/judge_print.h"

#define CHILDREN 5
#define ENDER    3
#define SPANS    10 /* as in budget_test.py */

static const char *const child_name[CHILDREN] = { "runaway", "sleeper",
    "twin_a", "twin_b", "storm" };

_Atomic uint64_t *judge_count;

static struct {
    uint64_t begin;
    uint64_t used[CHILDREN]; /* at `begin` */
    uint64_t spans;
} judge;

static uint64_t ticks_of(microkit_child child)
{
    struct pride_pd_info info = { 0 };

    if (pride_pd_info(child, &info) != ERR_OK) {
        judge_line("JUDGE", "no information");
        judge_end();
    }
    return info.ticks;
}

static void begin_span(void)
{
    judge.begin = pride_ticks();
    for (uint32_t i = 0; i < CHILDREN; i++) {
        judge.used[i] = ticks_of(i + 1);
    }
}

static void end_span(void)
{
    uint64_t elapsed = pride_ticks() - judge.begin;

    judge_line("SHARE", "thousandths");
    for (uint32_t i = 0; i < CHILDREN; i++) {
        uint64_t used = ticks_of(i + 1) - judge.used[i];
        judge_number(child_name[i], used * 1000 / elapsed);
    }
    judge_number("interrupts", atomic_exchange(judge_count, 0));
    judge_end();
}

void init(void)
{
    begin_span();
}

void notified(microkit_channel ch)
{
    if (ch != ENDER) {
        return;
    }
    end_span();
    begin_span();
    judge.spans++;
    if (judge.spans == SPANS) {
        judge_line("JUDGE", "done");
        judge_end();
    }
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)reply_msginfo;
    judge_line("BUDGET", "fault");
    judge_number("child", child);
    judge_number("label", microkit_msginfo_get_label(msginfo));
    judge_end();
    return seL4_False;
}
