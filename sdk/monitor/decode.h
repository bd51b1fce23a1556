/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decode.h - what a fault is, in the architecture's words.
 *
 * Shape     each architecture has these functions in sdk/arch/ARCH/decode.c.
 * Trust     any value gives some text.
 * Source    the texts are the seL4 Microkit's.
 */
#pragma once

#include <microkit.h>

#define DECODE_REGISTERS (sizeof(seL4_UserContext) / sizeof(seL4_Word))

/** The name of a register; `index` counts the words of seL4_UserContext and is
 *  below DECODE_REGISTERS. */
const char *decode_register(seL4_Word index);

/** Prints, in lines of the monitor's, what the processor said of a fault. */
void decode_print(seL4_Word syndrome);

/** Which check of the undefined-behaviour sanitizer an exception comes from;
 *  NULL if from none. */
const char *decode_check(seL4_Word syndrome);
