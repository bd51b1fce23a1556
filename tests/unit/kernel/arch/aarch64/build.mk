# SPDX-License-Identifier: BSD-2-Clause
host_tests += kernel_aarch64_context_test
kernel_aarch64_context_test_sources := \
	tests/unit/kernel/arch/aarch64/context_test.c kernel/arch/aarch64/context.c
kernel_aarch64_context_test_cflags := -Ikernel/arch/aarch64
