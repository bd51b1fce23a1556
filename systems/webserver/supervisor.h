/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.h - asking the supervisor about its children.
 *
 * Shape     a protected procedure call: SUPERVISOR_ASK with the child's position in the
 *           supervisor's list in word 0.  Positions count from 0 without gaps.
 *           The answer has SUPERVISOR_WORDS words in the order below.
 * Units     ticks of the system counter.
 * Owner     the supervisor answers, any client may ask.
 * Trust     the asker's position is checked.
 * Errors    SUPERVISOR_NONE: there is no such position, or no such call.
 * Source    this header.
 */
#pragma once

#define SUPERVISOR_ASK 1 /* label of the call */

#define SUPERVISOR_OK   0 /* labels of the answer */
#define SUPERVISOR_NONE 1

#define SUPERVISOR_STATE    0 /* ABI_STATE_* */
#define SUPERVISOR_TICKS    1 /* processor time used */
#define SUPERVISOR_STARTS   2
#define SUPERVISOR_SWITCHES 3
#define SUPERVISOR_FAULTS   4
#define SUPERVISOR_NAME     5 /* words of name bytes, NUL padded */

#define SUPERVISOR_NAME_WORDS 4
#define SUPERVISOR_NAME_SIZE  (SUPERVISOR_NAME_WORDS * 8)
#define SUPERVISOR_WORDS      (SUPERVISOR_NAME + SUPERVISOR_NAME_WORDS)
