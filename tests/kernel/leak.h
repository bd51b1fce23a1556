/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * leak.h - the page that the PDs of the leak system share, and their checks.
 *
 * Shape     PDs are numbered as in leak.system.  Each value that a PD puts in a
 *           register or message word tells whose it is (bits 48..63), whom it
 *           is sent to (40..47, 0: nobody), which register or word it belongs in
 *           (32..39) and when it was made (12..31).
 * Units     `turn`: kernel entries of that PD, modulo 2^14: the lower half of a
 *           value must not look like an address of the kernel.
 * Owner     each field names its writer; one core, one writer at a time.
 * Trust     all PDs are parts of one test.  What they receive is compared with
 *           what the sender wrote down here.
 * Errors    leak_complain() keeps the first finding; leak_test.py reads it.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/kernel/leak_call.h"

enum leak_pd {
    LEAK_NOBODY,
    LEAK_ONE,    /* goes through the steps */
    LEAK_TWO,    /* of the same priority: time slices, queues */
    LEAK_SERVER, /* active */
    LEAK_LENT,   /* passive */
    LEAK_VECTOR, /* passive, uses the FPU */
    LEAK_ALARM,  /* of higher priority than all callers */
    LEAK_REST,   /* of lower priority than all */
    LEAK_JUDGE,  /* parent of all */
    LEAK_CLOCK,  /* interrupts everybody but the judge */
    LEAK_PDS
};
#define LEAK_TIMER 10 /* channel id of the clock's interrupt */

/* What a caller asks a server to do before it replies. */
enum leak_order {
    LEAK_PLAIN,
    LEAK_NEST,  /* call the next server */
    LEAK_DEFER, /* notify the alarm at the wait */
    LEAK_TELL,  /* notify the judge, once */
    LEAK_BREAK, /* fault */
};

/* What those who are notified shall do. */
enum leak_task {
    LEAK_NO_TASK,
    LEAK_CLEAN,        /* fault, so that the kernel saves known values */
    LEAK_NOTIFY,       /* one, by a system call */
    LEAK_NOTIFY_JUDGE, /* the same */
    LEAK_NOW,          /* one, by notify_lazy */
    LEAK_AT_WAIT,      /* one, by notify_at_wait */
    LEAK_CALL_TOO,     /* two: call `target` */
    LEAK_COUNT,        /* two: spin */
    LEAK_START,        /* clock */
    LEAK_STOP,         /* judge: stop and resume one, which calls */
    LEAK_AGAIN,        /* judge: restart one, which calls */
    LEAK_HOLD,   /* judge: let a server that faults wait until two calls */
    LEAK_MEDDLE, /* judge: read registers; stop and resume */
};

/* What happened, and was checked; the names are in leak_test.py. */
enum leak_kind {
    LEAK_CALLED_SHORT, /* no words in the page */
    LEAK_CALLED_LONG,
    LEAK_SERVED_SHORT,
    LEAK_SERVED_LONG,
    LEAK_NOTIFIED,
    LEAK_RECEIVED,
    LEAK_REFUSED,
    LEAK_FAULTED,
    LEAK_PARENTED,
    LEAK_SPUN,
    LEAK_PREEMPTED,
    LEAK_VECTORED,
    LEAK_QUEUED,
    LEAK_REPEATED, /* the same message a second time */
    LEAK_RESTARTED,
    LEAK_CONTROLLED,
    LEAK_READ,
    LEAK_TICKED,
    LEAK_KINDS
};

/* What was wrong; the names are in leak_test.py. */
enum leak_wrong {
    LEAK_WRONG_KEPT = 1, /* not what it was before */
    LEAK_WRONG_OLD,      /* not the PD's own */
    LEAK_WRONG_RESULT,
    LEAK_WRONG_MESSAGE,
    LEAK_WRONG_WORD, /* of the message page */
    LEAK_WRONG_FLAGS,
    LEAK_WRONG_FIRST, /* register of a restarted PD */
    LEAK_WRONG_READ,  /* word of a child's registers */
    LEAK_WRONG_VECTOR,
};

/* Numbers of what is no register, in values and complaints. */
#define LEAK_NUMBER_SP    31
#define LEAK_NUMBER_TPIDR 32
#define LEAK_NUMBER_FLAGS 33
#define LEAK_NUMBER_WORD  64 /* + word of the message page */

#define LEAK_WORDS 8 /* of the longest message */

/* A message as its sender made it. */
struct leak_message {
    _Atomic uint64_t turn;
    _Atomic uint64_t length;
    _Atomic uint64_t order; /* of a call */
    _Atomic uint64_t reply; /* of a call: how long shall it be */
};

struct leak_page {
    _Atomic uint64_t done;   /* one: rounds */
    _Atomic uint64_t errors; /* all */
    /* the first error */
    _Atomic uint64_t who;
    _Atomic uint64_t entry;
    _Atomic uint64_t wrong;
    _Atomic uint64_t number;
    _Atomic uint64_t value;
    _Atomic uint64_t wanted;

    _Atomic uint64_t count[LEAK_KINDS]; /* all */
    _Atomic uint64_t quiet;             /* one: there are no interrupts */
    _Atomic uint64_t task[LEAK_PDS];    /* one, judge; taken by the PD */
    _Atomic uint64_t target;            /* one: server to be held */
    struct leak_message sent[LEAK_PDS][LEAK_PDS]; /* [sender][receiver] */
};

/* What a PD of this program knows about itself. */
struct leak_self {
    uint64_t me; /* enum leak_pd */
    uint64_t turn;
    uint64_t entry; /* the one under way, LEAK_* of leak_call.h */
    uint64_t step;  /* one's */
    struct leak_registers in;
    struct leak_registers out;
};

extern struct leak_page *leak_page;
extern struct leak_self leak_self;

/* --- leak_check.c --- */

/** What a PD puts in register or word `number`, for `to` or LEAK_NOBODY; `low`
 *  is below 4096. */
static inline uint64_t leak_value(
    uint64_t from, uint64_t to, uint64_t number, uint64_t turn, uint64_t low)
{
    return from << 48 | to << 40 | number << 32 | (turn & 0x3fff) << 12 | low;
}

/** `value` so that the kernel sees it as it is: an argument; or a result, as it
 *  appears in leak_self.out. */
static inline uint64_t leak_plain(uint64_t value)
{
    return value + LEAK_KEY;
}

/** The result that appears as `value` in leak_self.out. */
static inline uint64_t leak_result(uint64_t value)
{
    return value - LEAK_KEY;
}

/** Begins a turn: new values everywhere, those of a message to `to`. */
void leak_prepare(uint64_t to);

/** As leak_prepare(), and writes down what is sent. */
void leak_prepare_message(
    uint64_t to, uint64_t length, uint64_t order, uint64_t reply);

/** Enters the kernel. */
void leak_enter(uint64_t entry);

/** Complains unless the registers from x`first` to x30, SP and TPIDR_EL0 are as
 *  they were; x2 to there, and the flags, may be older, but the PD's own. */
void leak_check_kept(uint32_t first);

/** Complains unless x9..x13 are the PD's own, or a message it once received. */
void leak_check_no_message(void);

/** Complains unless x9..x13 and the page are what `from` sent. */
void leak_check_message(uint64_t from);

/** Complains unless x0 is `wanted`, which the kernel returned. */
void leak_check_result(uint64_t wanted);

/** Complains unless x1 is older, or a small number. */
void leak_check_small(void);

/** Complains unless x9..x13 and the page tell of `child`'s LEAK_FAULT. */
void leak_check_fault(uint64_t child);

/** Complains about the registers of `child`, just read into the page. */
void leak_check_read(uint64_t child);

/** Complains unless everything came back: after an interrupt or a fault. */
void leak_check_all(void);

void leak_complain(
    enum leak_wrong wrong, uint64_t number, uint64_t value, uint64_t wanted);

void leak_count(enum leak_kind kind);

/* --- leak_step.c: kernel entries, checked --- */

struct leak_event {
    uint64_t kind;  /* ABI_EVENT_* */
    uint64_t which; /* bits or number */
};

/** Waits, after a reply of `length` words to `client` unless that is
 *  LEAK_NOBODY; LEAK_PDS resumes a child. */
struct leak_event leak_wait(uint64_t client, uint64_t length);

/** Calls server `to` with a message of `length` words. */
void leak_do_call(uint64_t to, uint64_t length, uint64_t order, uint64_t reply);

void leak_notify(uint64_t to);
void leak_fault(void);
void leak_spin(uint64_t spins);
void leak_vectors(void);

/** After a restart the FPU is empty. */
void leak_vectors_forget(void);

/** Call `entry` with `argument` in x1 must fail with `err`; `low` is the length
 *  in x9. */
void leak_refused(
    uint64_t entry, uint64_t argument, uint64_t low, uint64_t err);

/** Operation ABI_PD_* on a child, with two arguments. */
void leak_control(
    uint64_t child, uint64_t operation, uint64_t arg0, uint64_t arg1);

/* --- roles --- */

/** What the PD was told to do; it will not be told twice. */
static inline uint64_t leak_take_task(void)
{
    return atomic_exchange(&leak_page->task[leak_self.me], LEAK_NO_TASK);
}

static inline void leak_give_task(uint64_t pd, enum leak_task task)
{
    atomic_store(&leak_page->task[pd], task);
}

_Noreturn void leak_serve(void); /* leak_server.c: all but those below */
_Noreturn void leak_drive(void); /* leak_one.c */
_Noreturn void leak_judge(void); /* leak_judge.c */
