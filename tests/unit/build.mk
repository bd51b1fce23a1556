# SPDX-License-Identifier: BSD-2-Clause
# The kernel core on the fake architecture.
kernel_core_sources := $(kernel_core) kernel/core/debug_on.c \
	kernel/arch/fake/fake.c kernel/arch/fake/fake_optional.c \
	tests/unit/kernel_rig.c tests/unit/kernel_model.c

host_tests += kernel_core_test
kernel_core_test_sources := tests/unit/kernel_core_test.c $(kernel_core_sources)
kernel_core_test_cflags := -Ikernel/arch/fake

host_tests += kernel_call_test
kernel_call_test_sources := tests/unit/kernel_call_test.c \
	$(kernel_core_sources)
kernel_call_test_cflags := -Ikernel/arch/fake

host_tests += kernel_table_test
kernel_table_test_sources := tests/unit/kernel_table_test.c \
	$(kernel_core_sources)
kernel_table_test_cflags := -Ikernel/arch/fake

host_tests += kernel_random_test
kernel_random_test_sources := tests/unit/kernel_random_test.c \
	$(kernel_core_sources)
kernel_random_test_cflags := -Ikernel/arch/fake

host_tests += kernel_budget_test
kernel_budget_test_sources := tests/unit/kernel_budget_test.c \
	kernel/core/budget.c
