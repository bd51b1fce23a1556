/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.h - what the monitor prints.
 *
 * Shape     report.c prints, report_none.c (configurations without a debug
 *           console) does not.
 * Owner     the monitor; the tool fills in names and stack addresses.
 * Trust     fault words and registers are whatever the faulted PD had there.
 * Source    the texts are those of the seL4 Microkit, which tests match.
 */
#pragma once

#include <microkit.h>

/** Says that the monitor runs. */
void report_start(void);

/** Describes the fault of PD `pd`, whose words are in the message buffer. */
void report_fault(microkit_child pd, microkit_msginfo msginfo);

/** Prints a text as it is. */
void report_text(const char *text);

/** Prints `name`, then a number: 0x and `digits` hexadecimal digits. */
void report_named(const char *name, seL4_Word value, int digits);
