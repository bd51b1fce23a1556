/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pd_rig.h - the library of a PD on a fake kernel: which system calls it makes,
 * in which order, and what reaches the program's entry points.
 *
 * Shape     a log of short words records both: "ack3 notify1 wait ..." for
 *           system calls, "notified(2)" and so on for entry points.  The test
 *           lists the events that waits return, rig_run() runs the library's
 *           loop until they are used up.
 * Owner     one global rig; rig_set_up() before each test.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pride.h>

#define RIG_EVENTS 8u

struct rig {
    char log[1024];
    char console[1024];
    struct pride_event event[RIG_EVENTS]; /* what the next waits return */
    void (*hook[RIG_EVENTS])(void); /* runs inside the event's entry point */
    uint32_t event_count;
    uint32_t event_next;
    jmp_buf out;              /* of the loop, when no event is left */
    struct pride_msg replied; /* what the last reply said */
    struct pride_msg called;  /* what the last call said */
    struct pride_msg answer;  /* what a call returns */
    enum err error;           /* what every call returns */
    uint64_t control[4];      /* arguments of the last PD operation */
    uint64_t result[4];       /* results of the next */
    seL4_Word registers[SEL4_USER_CONTEXT_SIZE]; /* a child's, 1000 + n */
    uint64_t now;
    seL4_Bool resume; /* fault() returns it */
};

extern struct rig rig;
extern _Bool microkit_passive;

/** As after init(); for cmocka_unit_test_setup(). */
int rig_set_up(void **state);
/** One more event for the loop, with message words 11 to 14; `hook`, if any, is
 *  called by its entry point. */
void rig_event(
    uint64_t kind, uint64_t which, microkit_msginfo info, void (*hook)(void));
/** Runs the library's loop until a wait finds no event left. */
void rig_run(void);
/** The log is this, and is empty from now on. */
void rig_expect(const char *log);
