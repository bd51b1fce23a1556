# SPDX-License-Identifier: BSD-2-Clause
ARCH := aarch64
CLANG_TARGET := aarch64-none-elf
ARCH_CFLAGS := -mcpu=cortex-a53 -mstrict-align
ARCH_NO_FPU_CFLAGS := -mgeneral-regs-only
IMAGE_BASE := 0x70000000
KERNEL_BASE := 0x70010000
IRQCHIP := gicv2
CONSOLE := pl011
