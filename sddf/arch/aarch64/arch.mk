# SPDX-License-Identifier: BSD-2-Clause
# What sddf/util needs of an architecture: sddf/util/cache.h and
# sddf/util/arch_timestamp_counter.h.
sddf_arch_sources := sddf/arch/aarch64/cache.c sddf/arch/aarch64/counter.c
