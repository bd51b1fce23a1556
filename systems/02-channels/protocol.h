/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * protocol.h - what one may ask calc and broker.
 *
 * Shape     the label says what, the message words are the operands.
 * Units     numbers.
 * Owner     calc and broker answer; client asks.
 * Trust     the callee checks label and length: callers may send anything.
 * Errors    a reply labelled CALC_BAD carries no words.
 * Source    this lesson.
 */
#pragma once

enum {
    CALC_SUM = 1,     /* any number of words -> one word, their sum */
    CALC_REVERSE = 2, /* any number of words -> the same, last first */
    CALC_BAD = 3,     /* reply: no such operation */
};
