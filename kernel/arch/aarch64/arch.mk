# SPDX-License-Identifier: BSD-2-Clause
# What kernel.elf is made of on AArch64, beside the core.
kernel_pmu_debug := closed
kernel_pmu_release := closed
kernel_pmu_benchmark := open

kernel_arch_offsets := kernel/arch/aarch64/asm_offsets.c
# The message of a call stays in these registers: kernel/core/arch.h.
kernel_arch_cflags := $(addprefix -ffixed-x,9 10 11 12 13)
kernel_arch_sources := $(addprefix kernel/arch/aarch64/,context.c entry.S fpu.S \
	irqchip_$(IRQCHIP).c machine.c pmu_$(kernel_pmu_$(CONFIG)).c smc.c timer.c trap.c)
