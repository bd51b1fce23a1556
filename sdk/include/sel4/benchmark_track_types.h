/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * benchmark_track_types.h - present because sources include it.
 *
 * Shape     empty: the kernel keeps no log of its entries, and no
 *           configuration defines CONFIG_BENCHMARK_TRACK_KERNEL_ENTRIES, so
 *           the types of such a log are never used.
 * Source    libsel4's public interface.
 */
#pragma once
