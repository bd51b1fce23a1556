/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judge of the fuzz system: parent of the fuzzer and of the servers, above
 * everybody.  At each of the checker's laps it stops, resumes or restarts the
 * fuzzer, wherever that is, and now and then a server; at the end it prints what
 * happened.
 */
#include <stdbool.h>

#include <microkit.h>
#include <pride.h>

#include "tests/kernel/judge_print.h"
#include "tests/kernel/mission.h"

#define FUZZER        1
#define CHECKER       2 /* channel */
#define SERVER        3 /* the other is SERVER + 1 */
#define ENTRY         0x200000
#define RESTART_EVERY 5

struct campaign *judge_campaign;
struct health *judge_health;

static struct {
    uint64_t laps;
    uint64_t stops;
    uint64_t restarts;
    uint64_t refused;
    uint64_t faults;
    bool done;
} judge;

static void must(enum err err)
{
    if (err != ERR_OK) {
        judge.refused++;
    }
}

static void print_counts(void)
{
    static const char *const event[] = { "notifications", "calls", "faults" };

    judge_line("FUZZ", "results");
    for (uint32_t i = 0; i < ERR_COUNT; i++) {
        judge_number("err", atomic_load(&judge_campaign->seen[i]));
    }
    judge_end();
    judge_line("FUZZ", "events");
    for (uint32_t i = 0; i < 3; i++) {
        judge_number(event[i], atomic_load(&judge_campaign->events[i]));
    }
    judge_end();
}

static void finish(void)
{
    judge.done = true;
    must(pride_pd_stop(FUZZER));
    print_counts();
    judge_line("FUZZ", "interference");
    judge_number("stops", judge.stops);
    judge_number("restarts", judge.restarts);
    judge_number("refused", judge.refused);
    judge_end();
    judge_line("FUZZ", "first error");
    judge_number("number", atomic_load(&judge_campaign->number));
    judge_hex("before", atomic_load(&judge_campaign->x[0]));
    judge_hex("after", atomic_load(&judge_campaign->x[1]));
    judge_end();
    judge_line("FUZZ", "done");
    judge_number("calls", atomic_load(&judge_campaign->calls));
    judge_number("errors", atomic_load(&judge_campaign->errors));
    judge_number("faults", judge.faults);
    judge_end();
    judge_line("CHECKER", "alive");
    judge_number("errors", atomic_load(&judge_health->errors));
    judge_end();
    judge_line("JUDGE", "done");
    judge_end();
}

/* A server is away for seven laps of sixteen. */
static void interfere_servers(void)
{
    microkit_child server = SERVER + judge.laps / 16 % 2;

    if (judge.laps % 16 == 3) {
        must(pride_pd_stop(server));
    } else if (judge.laps % 16 == 10) {
        must(pride_pd_restart(server, ENTRY));
    }
}

/* Stopped for a lap; then it goes on, or starts again. */
static void interfere(void)
{
    judge.laps++;
    interfere_servers();
    if (judge.laps % 2 == 1) {
        must(pride_pd_stop(FUZZER));
        judge.stops++;
    } else if (judge.laps / 2 % RESTART_EVERY == 0) {
        must(pride_pd_restart(FUZZER, ENTRY));
        judge.restarts++;
    } else {
        must(pride_pd_resume(FUZZER));
    }
}

void init(void)
{
}

void notified(microkit_channel ch)
{
    if (judge.done) {
        return;
    }
    if (ch == FUZZER) {
        /* sooner, it was only one of its random calls */
        if (atomic_load(&judge_campaign->calls) >= CAMPAIGN_CALLS) {
            finish();
        }
    } else if (ch == CHECKER) {
        interfere();
    }
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)child;
    (void)reply_msginfo;
    judge.faults++;
    judge_line("FUZZ", "fault");
    judge_number("label", microkit_msginfo_get_label(msginfo));
    judge_hex("ip", seL4_GetMR(0));
    judge_hex("word1", seL4_GetMR(1));
    judge_end();
    must(pride_pd_restart(FUZZER, ENTRY));
    return seL4_False;
}
