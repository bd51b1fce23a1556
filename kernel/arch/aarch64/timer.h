/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - what the rest of the architecture needs of the generic timer.
 *
 * Shape     one comparator, the EL2 physical timer, is the kernel's.
 * Units     ticks of CNTPCT_EL0.
 * Owner     timer.c.
 * Trust     CNTFRQ_EL0 is firmware's word.
 * Errors    a zero frequency stops the boot.
 * Source    Arm ARM (DDI 0487) D11.2; interrupt number: Arm SBSA, PPI 26.
 */
#pragma once

#define TIMER_IRQ 26u /* CNTHP: private peripheral interrupt 10 */

/** Reads the frequency and switches every comparator of the kernel off. */
void timer_init(void);
