/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_none.c - report.h without a console.
 */
#include "sdk/monitor/report.h"

void report_start(void)
{
}

void report_fault(microkit_child pd, microkit_msginfo msginfo)
{
    (void)pd;
    (void)msginfo;
}

void report_text(const char *text)
{
    (void)text;
}
