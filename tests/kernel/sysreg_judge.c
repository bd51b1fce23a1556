/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judge of the sysreg system: its child executes every instruction of the
 * system space once (MSR, MRS, SYS, SYSL, hints, barriers: 131072 encodings of
 * op0, op1, CRn, CRm, op2 and direction).  Behind each comes a BRK, so that the
 * address of the fault says whether the instruction was allowed.
 */
#include <stdbool.h>

#include <microkit.h>
#include <pride.h>

#include "tests/kernel/judge_print.h"
#include "tests/kernel/mission.h"

#define RUNNER    1
#define CHECKER   2
#define ENCODINGS (1u << 17)
#define CODE      0x30000000ull /* in the runner, read and execute */
#define DATA      0x30001000ull /* in the runner, read and write */
/* out of budget, the runner sleeps for about ten laps */
#define LAPS_ALLOWED 60

#define SYSTEM_SPACE 0xd5000000u
#define OP0_SHIFT    14 /* in an encoding's number */
#define OP0_MASK     3u
#define CRN_PSTATE   4 /* with op0 0: MSR of a PSTATE field */
#define RT_SHIFT     5
#define RT_NONE      31u
#define BRK          0xd4200000u

struct health *judge_health;
uint32_t *judge_code;

static struct {
    uint32_t number; /* the encoding being tried */
    uint32_t laps;   /* since it began */
    uint32_t open;
    uint32_t open_other; /* of them hints and barriers: op0 is 0 */
    uint32_t closed;
    uint32_t odd; /* neither, or never ended */
    bool done;
} judge;

static uint32_t op0(void)
{
    return (judge.number >> OP0_SHIFT) & OP0_MASK;
}

/* The whole instruction: register x1 where it takes one. */
static uint32_t instruction(void)
{
    uint32_t rt = op0() == 0 ? RT_NONE : 1u;

    return SYSTEM_SPACE | judge.number << RT_SHIFT | rt;
}

static void try_one(void)
{
    seL4_UserContext context = { 0 };

    judge_code[0] = instruction();
    judge_code[1] = BRK;
    context.pc = CODE;
    context.x1 = DATA;
    judge.laps = 0;
    if (seL4_TCB_WriteRegisters(BASE_TCB_CAP + RUNNER, seL4_True, 0,
            sizeof(context) / sizeof(seL4_Word), &context) != seL4_NoError) {
        judge.odd++;
    }
}

static void finish(void)
{
    judge.done = true;
    judge_line("SYSREG", "done");
    judge_number("tried", judge.number);
    judge_number("open", judge.open);
    judge_number("hints and barriers", judge.open_other);
    judge_number("closed", judge.closed);
    judge_number("odd", judge.odd);
    judge_end();
    judge_line("CHECKER", "alive");
    judge_number("errors", atomic_load(&judge_health->errors));
    judge_end();
    judge_line("JUDGE", "done");
    judge_end();
}

static void next(void)
{
    judge.number++;
    if (judge.number == ENCODINGS) {
        finish();
    } else {
        try_one();
    }
}

/* "op0_op1_CRn_CRm_op2", as the manual writes them; r: read, w: write. */
static void report_open(void)
{
    uint32_t n = judge.number;

    judge.open++;
    if (op0() == 0 && ((n >> 7) & 15) != CRN_PSTATE) {
        judge.open_other++;
        return;
    }
    judge_line("OPEN", (n >> 16) != 0 ? "r" : "w");
    judge_number("op0", op0());
    judge_number("op1", (n >> 11) & 7);
    judge_number("crn", (n >> 7) & 15);
    judge_number("crm", (n >> 3) & 15);
    judge_number("op2", n & 7);
    judge_end();
}

void init(void)
{
    try_one();
}

void notified(microkit_channel ch)
{
    if (judge.done || ch != CHECKER) {
        return;
    }
    judge.laps++;
    if (judge.laps > LAPS_ALLOWED) {
        judge_line("SYSREG", "no end");
        judge_hex("instruction", instruction());
        judge_end();
        judge.odd++;
        next();
    }
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    uint64_t ip = seL4_GetMR(seL4_UserException_FaultIP);

    (void)reply_msginfo;
    if (child != RUNNER || judge.done) {
        return seL4_False;
    }
    if (microkit_msginfo_get_label(msginfo) != seL4_Fault_UserException) {
        judge_line("SYSREG", "another fault");
        judge_hex("instruction", instruction());
        judge_end();
        judge.odd++;
    } else if (ip == CODE) {
        judge.closed++;
    } else if (ip == CODE + 4) {
        report_open();
    } else {
        judge.odd++;
    }
    next();
    return seL4_False;
}
