/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The judge of the attack system: parent of the attacker, above everybody.
 *
 * Per attack: restart the attacker with its number, receive the fault, compare
 * it with what this attack must cause, print what was observed, then wait until
 * the checker has finished two laps: it lives, and nothing of it changed.
 * Afterwards a storm of faults and restarts.
 */
#include <stdbool.h>

#include <microkit.h>
#include <pride.h>

#include "tests/kernel/attack_list.h"
#include "tests/kernel/judge_print.h"
#include "tests/kernel/mission.h"

#define ATTACKER      1 /* child and channel */
#define CHECKER       2
#define NO_FPU        2 /* child */
#define ENTRY         0x200000
#define LAPS_BETWEEN  2
#define STORM_ROUNDS  3000
#define FSR_CLASS     26
#define FSR_WRITE     (1u << 6)
#define CLASS_FPU     0x07u
#define CLASS_DATA    0x24u
#define CLASS_EXECUTE 0x20u

struct mission *judge_mission;
struct health *judge_health;
uint64_t *judge_read_only;

static struct {
    uint64_t number;   /* the attack under way, then storm rounds */
    uint64_t laps;     /* go on when the checker has reached this lap */
    uint64_t failures; /* attacks that went wrong */
    uint64_t storm_notified;
    bool waiting;
    bool done;
} judge;

/* What a fault was, in the words of attack.txt. */
static const char *observed(uint64_t label)
{
    uint64_t fsr = seL4_GetMR(seL4_VMFault_FSR);

    if (label == seL4_Fault_UserException) {
        return "exception";
    }
    if (label != seL4_Fault_VMFault) {
        return "another fault";
    }
    if (seL4_GetMR(seL4_VMFault_PrefetchFault) != 0) {
        return fsr >> FSR_CLASS == CLASS_EXECUTE ? "execute" : "bad class";
    }
    if (fsr >> FSR_CLASS != CLASS_DATA) {
        return "bad class";
    }
    return (fsr & FSR_WRITE) != 0 ? "write" : "read";
}

static bool address_ok(const struct attack *attack)
{
    uint64_t found = seL4_GetMR(seL4_VMFault_Addr);

    switch (attack->kind) {
    case ATTACK_READ:
    case ATTACK_WRITE:
    case ATTACK_EXECUTE:
        return found == attack->address ||
               /* text lies elsewhere in this program than in the attacker */
               found == atomic_load(&judge_mission->address);
    case ATTACK_STACK:
        return found < ATTACK_STACK_LOW && found >= ATTACK_STACK_LOW - 0x1000;
    case ATTACK_EXCEPTION:
    case ATTACK_JUMP:
    case ATTACK_NOTHING:
        return true;
    }
    return false;
}

static bool ip_ok(const struct attack *attack)
{
    return attack->kind == ATTACK_STACK ||
           seL4_GetMR(seL4_VMFault_IP) == atomic_load(&judge_mission->ip);
}

static void wait_for_checker(void)
{
    judge.waiting = true;
    judge.laps = atomic_load(&judge_health->laps) + LAPS_BETWEEN;
}

static void report_fault(const struct attack *attack, uint64_t label)
{
    bool ok = ip_ok(attack) && address_ok(attack) && *judge_read_only == 0;

    judge_line("ATTACK", attack->name);
    judge_text(observed(label));
    if (ok) {
        judge_text("ok");
    } else {
        judge_text("BAD");
        judge_hex("label", label);
        judge_hex("ip", seL4_GetMR(seL4_VMFault_IP));
        judge_hex("wanted", atomic_load(&judge_mission->ip));
        judge_hex("address", seL4_GetMR(seL4_VMFault_Addr));
        judge.failures++;
    }
    judge_end();
}

static void report_nothing(const struct attack *attack)
{
    bool ok = attack->kind == ATTACK_NOTHING &&
              atomic_load(&judge_mission->result) == judge.number + 1;

    judge_line("ATTACK", attack->name);
    judge_text("nothing");
    judge_text(ok ? "ok" : "BAD");
    judge_end();
    judge.failures += ok ? 0 : 1;
}

static void report_no_fpu(uint64_t label)
{
    uint64_t syndrome = seL4_GetMR(seL4_UserException_Number);

    judge_line("NOFPU", observed(label));
    judge_number("class", syndrome >> FSR_CLASS);
    judge_text(syndrome >> FSR_CLASS == CLASS_FPU ? "ok" : "BAD");
    judge_end();
}

static void restart(void)
{
    atomic_store(&judge_mission->number, judge.number);
    if (pride_pd_restart(ATTACKER, ENTRY) != ERR_OK) {
        judge_line("JUDGE", "restart refused");
        judge_end();
    }
}

static void finish(void)
{
    struct pride_pd_info info = { 0 };

    judge.done = true;
    if (pride_pd_stop(ATTACKER) != ERR_OK ||
        pride_pd_info(ATTACKER, &info) != ERR_OK) {
        judge.failures++;
    }
    judge_line("STORM", "over");
    judge_number("starts", info.starts);
    judge_number("notified", judge.storm_notified);
    judge_number("state", info.state);
    judge_end();
    judge_line("CHECKER", "alive");
    judge_number("errors", atomic_load(&judge_health->errors));
    judge_end();
    judge_line("JUDGE", "done");
    judge_number("attacks", attack_count);
    judge_number("failures", judge.failures);
    judge_end();
}

static void next(void)
{
    judge.number++;
    if (judge.number >= attack_count + STORM_ROUNDS) {
        finish();
        return;
    }
    restart();
}

void init(void)
{
    atomic_store(&judge_mission->number, 0);
}

void notified(microkit_channel ch)
{
    if (judge.done) {
        return;
    }
    if (ch == ATTACKER) {
        if (judge.number >= attack_count) {
            judge.storm_notified++;
            return;
        }
        report_nothing(&attack_list[judge.number]);
        wait_for_checker();
    }
    if (ch == CHECKER && judge.waiting &&
        atomic_load(&judge_health->laps) >= judge.laps) {
        judge.waiting = false;
        next();
    }
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
    microkit_msginfo *reply_msginfo)
{
    (void)reply_msginfo;
    if (child == NO_FPU) {
        report_no_fpu(microkit_msginfo_get_label(msginfo));
        return seL4_False;
    }
    if (child != ATTACKER || judge.done) {
        return seL4_False;
    }
    if (judge.number < attack_count) {
        report_fault(
            &attack_list[judge.number], microkit_msginfo_get_label(msginfo));
        wait_for_checker();
    } else if (judge.number % 256 == 0) {
        wait_for_checker();
    } else {
        next();
    }
    return seL4_False;
}
