/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * benchmark.h - utilisation of PDs, by libsel4's names.
 *
 * Shape     functions; figures are left in message words.
 * Units     kernel counter ticks (CNTVCT rate), counts.
 * Owner     the calling PD; each PD keeps the marks of its own resets.
 * Trust     a parent may ask about its own children only.
 * Errors    what this kernel does not keep is 0: time spent in the kernel,
 *           kernel entries, idle time, and anything about the caller itself
 *           (TCB_CAP).  There is no kernel log: calls about one say so.
 * Source    libsel4's public interface; ABI_PD_INFO in abi/syscall.h.
 */
#pragma once

#include <sel4/benchmark_utilisation_types.h>
#include <sel4/errors.h>
#include <sel4/simple_types.h>

/** Marks the start of a measurement for the child of BASE_TCB_CAP + id. */
void seL4_BenchmarkResetThreadUtilisation(seL4_CPtr tcb);

/** Leaves the figures since the mark in message words BENCHMARK_*. */
void seL4_BenchmarkGetThreadUtilisation(seL4_CPtr tcb);

/** Marks the start of the total.  Returns seL4_NoError. */
seL4_Error seL4_BenchmarkResetLog(void);

/** Marks the end of the total.  Returns the entries in the log: 0. */
seL4_Word seL4_BenchmarkFinalizeLog(void);

/** There is no log: returns seL4_IllegalOperation. */
seL4_Error seL4_BenchmarkSetLogBuffer(seL4_Word frame_cptr);
