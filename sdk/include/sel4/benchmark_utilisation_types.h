/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * benchmark_utilisation_types.h - which message word holds which figure after
 * seL4_BenchmarkGetThreadUtilisation().
 *
 * Shape     an enum of message word indices.
 * Units     kernel counter ticks for utilisation, counts otherwise.
 * Errors    a figure that this kernel does not keep reads as 0; see
 *           sel4/benchmark.h.
 * Source    libsel4's public interface; the numbers are ours.
 */
#pragma once

enum benchmark_track_util_ipc_index {
    BENCHMARK_TCB_UTILISATION = 0,
    BENCHMARK_IDLE_LOCALCPU_UTILISATION,
    BENCHMARK_IDLE_TCBCPU_UTILISATION,
    BENCHMARK_TOTAL_UTILISATION,
    BENCHMARK_TCB_NUMBER_SCHEDULES,
    BENCHMARK_TOTAL_NUMBER_SCHEDULES,
    BENCHMARK_TCB_KERNEL_UTILISATION,
    BENCHMARK_TOTAL_KERNEL_UTILISATION,
    BENCHMARK_TCB_NUMBER_KERNEL_ENTRIES,
    BENCHMARK_TOTAL_NUMBER_KERNEL_ENTRIES,
    BENCHMARK_UTILISATION_WORDS,
};
