/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judge of the random system: its child executes random instructions with
 * random registers, again and again, until they fault, or have had their time.
 * Half of them are from the system instruction space.
 */
#include <stdbool.h>

#include <microkit.h>
#include <pride.h>

#include "tests/kernel/judge_print.h"
#include "tests/kernel/mission.h"

#define RUNNER     1
#define CHECKER    2
#define ROUNDS     20000
#define CODE       0x30000000ull /* in the runner, read and execute */
#define DATA       0x30001000ull /* in the runner, read and write */
#define CODE_WORDS 24
/* out of budget, the runner sleeps for about ten laps */
#define LAPS_ALLOWED 60
#define LAP_EVERY    128
#define LABELS       8

struct health *judge_health;
uint32_t *judge_code;

static struct {
    uint64_t seed;
    uint64_t rounds;
    uint64_t laps; /* since the round began */
    uint64_t label[LABELS];
    uint64_t unknown; /* faults with any other label */
    uint64_t endless; /* rounds without a fault */
    uint64_t refused;
    bool pause; /* wait for the checker before the next round */
    bool done;
} judge = { .seed = 0x9e3779b97f4a7c15u };

/* Marsaglia's xorshift64 */
static uint64_t random(void)
{
    judge.seed ^= judge.seed << 13;
    judge.seed ^= judge.seed >> 7;
    judge.seed ^= judge.seed << 17;
    return judge.seed;
}

static uint32_t random_instruction(void)
{
    uint32_t word = (uint32_t)random();

    switch (random() % 8) {
    case 0:
    case 1:
    case 2:
    case 3: /* hints, barriers, MSR, MRS, SYS */
        return 0xd5000000u | (word & 0x00ffffffu);
    case 4: /* data processing, immediate */
        return 0x10000000u | (word & 0xe3ffffffu);
    case 5: /* loads and stores */
        return 0x08000000u | (word & 0xf5ffffffu);
    case 6: /* exceptions: svc, hvc, smc, brk, hlt, dcps */
        return 0xd4000000u | (word & 0x00e0001fu);
    default:
        return word;
    }
}

static uint64_t random_register(void)
{
    uint64_t word = random();

    switch (word % 4) {
    case 0:
        return DATA + (word >> 8) % 0xff8;
    case 1:
        return CODE + 4 * ((word >> 8) % 1024);
    case 2:
        return word >> 58;
    default:
        return random();
    }
}

static void begin_round(void)
{
    seL4_UserContext context;
    seL4_Word *words = (seL4_Word *)&context;

    for (uint32_t i = 0; i < CODE_WORDS; i++) {
        judge_code[i] = random_instruction();
    }
    judge_code[CODE_WORDS] = 0x14000000u; /* b . */
    for (uint32_t i = 0; i < sizeof(context) / sizeof(seL4_Word); i++) {
        words[i] = random_register();
    }
    context.pc = CODE;
    judge.laps = 0;
    if (seL4_TCB_WriteRegisters(BASE_TCB_CAP + RUNNER, seL4_True, 0,
            sizeof(context) / sizeof(seL4_Word), &context) != seL4_NoError) {
        judge.refused++;
    }
}

static void finish(void)
{
    judge.done = true;
    judge_line("RANDOM", "faults");
    for (uint32_t i = 0; i < LABELS; i++) {
        judge_number("label", judge.label[i]);
    }
    judge_end();
    judge_line("RANDOM", "done");
    judge_number("rounds", judge.rounds);
    judge_number("endless", judge.endless);
    judge_number("unknown", judge.unknown);
    judge_number("refused", judge.refused);
    judge_end();
    judge_line("CHECKER", "alive");
    judge_number("errors", atomic_load(&judge_health->errors));
    judge_end();
    judge_line("JUDGE", "done");
    judge_end();
}

static void next_round(void)
{
    judge.rounds++;
    if (judge.rounds >= ROUNDS) {
        finish();
        return;
    }
    begin_round();
}

void init(void)
{
    begin_round();
}

/* A lap of the checker, or a notification that the runner made up. */
void notified(microkit_channel ch)
{
    if (judge.done || ch != CHECKER) {
        return;
    }
    judge.laps++;
    if (judge.pause) {
        judge.pause = false;
        next_round();
    } else if (judge.laps > LAPS_ALLOWED) {
        judge.endless++;
        next_round();
    }
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    uint64_t label = microkit_msginfo_get_label(msginfo);

    (void)reply_msginfo;
    if (child != RUNNER || judge.done || judge.pause) {
        return seL4_False;
    }
    if (label < LABELS) {
        judge.label[label]++;
    } else {
        judge.unknown++;
    }
    if (judge.rounds % LAP_EVERY == 0) {
        judge.pause = true;
    } else {
        next_round();
    }
    return seL4_False;
}
