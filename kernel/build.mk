# SPDX-License-Identifier: BSD-2-Clause
# kernel.elf: core, one architecture, and the interrupt controller and console
# that the board names.  What differs between configurations is a file, never an
# #if.
include kernel/arch/$(ARCH)/arch.mk
kernel_debug_debug := on
kernel_debug_release := off
kernel_debug_benchmark := off

# Also what the core's tests on the build machine are made of.
kernel_core := $(addprefix kernel/core/,budget.c ipc.c ipc_fast.c ipc_ppcall.c \
	irq.c kernel.c pd_control.c sched.c sched_clock.c sched_idle.c sched_lend.c \
	sched_queue.c sched_release.c table.c)

programs += kernel.elf
sdk_elfs += kernel.elf
kernel.elf_raw := yes
kernel.elf_ldscript := kernel/kernel.ld
kernel.elf_offsets := $(kernel_arch_offsets)
kernel.elf_cflags := -Ikernel/arch/$(ARCH) -flto -fno-jump-tables \
	-fno-unroll-loops -fno-vectorize -fno-slp-vectorize $(kernel_arch_cflags)
kernel.elf_libs := base
kernel.elf_sources := $(kernel_core) \
	kernel/core/debug_$(kernel_debug_$(CONFIG)).c $(kernel_arch_sources) \
	kernel/arch/common/console_$(CONSOLE).c
