# SPDX-License-Identifier: BSD-2-Clause
# kernel.elf: core and one architecture.  What differs between configurations
# is a file, never an #if.
kernel_arch := kernel/arch/$(ARCH)
# The message of a call stays in these registers: kernel/core/arch.h.
kernel_reserved := $(addprefix -ffixed-x,9 10 11 12 13)
kernel_debug_debug := on
kernel_debug_release := off
kernel_debug_benchmark := off
kernel_pmu_debug := closed
kernel_pmu_release := closed
kernel_pmu_benchmark := open

programs += kernel.elf
sdk_elfs += kernel.elf
kernel.elf_raw := yes
kernel.elf_ldscript := kernel/kernel.ld
kernel.elf_offsets := $(kernel_arch)/asm_offsets.c
kernel.elf_cflags := -I$(kernel_arch) -flto -fno-jump-tables \
	-fno-unroll-loops -fno-vectorize -fno-slp-vectorize $(kernel_reserved)
kernel.elf_libs := base
kernel.elf_sources := \
	$(addprefix kernel/core/,budget.c debug_$(kernel_debug_$(CONFIG)).c ipc.c ipc_ppcall.c \
		ipc_fast.c irq.c kernel.c pd_control.c sched.c table.c) \
	$(addprefix $(kernel_arch)/,console.c context.c entry.S fpu.S gicv2.c \
		machine.c pmu_$(kernel_pmu_$(CONFIG)).c smc.c timer.c trap.c)

host_tests += kernel_aarch64_context_test
kernel_aarch64_context_test_sources := \
	tests/unit/kernel_aarch64_context_test.c kernel/arch/aarch64/context.c
kernel_aarch64_context_test_cflags := -Ikernel/arch/aarch64
