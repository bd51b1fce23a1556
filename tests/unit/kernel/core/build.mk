# SPDX-License-Identifier: BSD-2-Clause
# The kernel's core on the fake architecture.
kernel_test_core := $(kernel_core) kernel/core/debug_on.c kernel/arch/fake/fake.c \
	$(addprefix tests/unit/kernel/core/,rig.c rig_check.c model.c)
kernel_test_optional := kernel/arch/fake/fake_optional.c

kernel_core_tests := ipc ipc_ppcall irq kernel pd_control random sched sched_lend table

# $1 name
define kernel_core_test
host_tests += kernel_core_$1_test
kernel_core_$1_test_sources := tests/unit/kernel/core/$1_test.c \
	$(kernel_test_core) $(kernel_test_optional)
kernel_core_$1_test_cflags := -Ikernel/arch/fake
endef
$(foreach n,$(kernel_core_tests),$(eval $(call kernel_core_test,$n)))

host_tests += kernel_core_optional_test
kernel_core_optional_test_sources := tests/unit/kernel/core/optional_test.c \
	$(kernel_test_core) \
	$(addprefix kernel/arch/common/,fpu_none.c smc_none.c user_timer_none.c)
kernel_core_optional_test_cflags := -Ikernel/arch/fake

host_tests += kernel_core_budget_test
kernel_core_budget_test_sources := tests/unit/kernel/core/budget_test.c \
	kernel/core/budget.c
