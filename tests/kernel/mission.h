/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mission.h - pages that the judge shares with an attacker and with the checker.
 *
 * Shape     one structure per page, zero at boot.
 * Owner     each field names its writer.
 * Trust     the judge copies what it reads; what an attacker writes here can
 *           make an attack fail the test, never pass it.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

/* Judge and attacker. */
struct mission {
    _Atomic uint64_t number;  /* judge: which attack */
    _Atomic uint64_t ip;      /* attacker: where it will fault */
    _Atomic uint64_t address; /* attacker: the address it will touch */
    _Atomic uint64_t result;  /* attacker: for attacks that are no faults */
};

/* Judge and checker. */
struct health {
    _Atomic uint64_t laps;   /* checker: laps begun */
    _Atomic uint64_t errors; /* checker: registers or memory that changed */
};

#define CAMPAIGN_CALLS 40000

/* Judge and fuzzer: what survives the fuzzer's restarts. */
struct campaign {
    _Atomic uint64_t seed;      /* fuzzer: state of its random numbers */
    _Atomic uint64_t calls;     /* fuzzer: system calls made */
    _Atomic uint64_t begun;     /* fuzzer: calls begun */
    _Atomic uint64_t errors;    /* fuzzer: results that must not be */
    _Atomic uint64_t number;    /* fuzzer: first such call: number, */
    _Atomic uint64_t x[2];      /* x0 before and after */
    _Atomic uint64_t seen[16];  /* fuzzer: results by enum err */
    _Atomic uint64_t events[4]; /* fuzzer: events by kind */
};
