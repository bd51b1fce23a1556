/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attack_list.h - every attack, as the attacker runs and the judge expects it.
 *
 * Shape     a constant table; the index is the attack's number.
 * Owner     linked into both programs; only the attacker calls `run`.
 * Source    attack.txt lists the same names with what must be observed.
 */
#pragma once

#include <stdint.h>

enum attack_kind {
    ATTACK_READ,      /* data abort of `run`, at address */
    ATTACK_WRITE,     /* the same, a write */
    ATTACK_EXECUTE,   /* instruction abort at address */
    ATTACK_EXCEPTION, /* user exception in `run` */
    ATTACK_JUMP,      /* user exception at address */
    ATTACK_STACK,     /* a write into the page below the stack */
    ATTACK_NOTHING,   /* allowed: reports back instead of faulting */
};

struct attack {
    const char *name;
    enum attack_kind kind;
    void (*run)(uint64_t address);
    uint64_t address;
    const char *at; /* the faulting instruction, if not the first of `run` */
};

extern const struct attack attack_list[];
extern const uint32_t attack_count;

/* Where attack.system puts things. */
#define ATTACK_MISSION   0x10000000ull
#define ATTACK_READ_ONLY 0x10001000ull
#define ATTACK_DATA      0x10002000ull
#define ATTACK_STACK_TOP 0xffffffe000ull
#define ATTACK_STACK_LOW 0xffffffc000ull /* the default stack is two pages */
#define ATTACK_SECRET    0x81000000ull   /* physical address, too */
