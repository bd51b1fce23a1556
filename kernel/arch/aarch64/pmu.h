/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pmu.h - who may use the performance monitor.
 *
 * Shape     one function in two files, of which the build takes one:
 *           pmu_open.c (benchmark) lets every PD count, pmu_closed.c (debug,
 *           release) lets nobody.
 * Trust     an open performance monitor is a channel between PDs.
 * Source    Arm ARM (DDI 0487) D7, D13.4.
 */
#pragma once

/** Sets MDCR_EL2 and PMUSERENR_EL0. Open, the cycle counter runs from here on; every
 * other counter starts disabled. */
void pmu_init(void);
