# SPDX-License-Identifier: BSD-2-Clause
# How programs for AArch64 are compiled.  Included by the Makefile.
CLANG_TARGET := aarch64-none-elf
ARCH_CFLAGS := -mstrict-align
# no floating-point or vector registers
ARCH_NO_FPU_CFLAGS := -mgeneral-regs-only
# for copies in normal memory, where the processor takes words at any address
ARCH_UNALIGNED_CFLAGS := -munaligned-access
PICOLIBC := /usr/lib/picolibc/aarch64-linux-gnu

# Constants of gen_config.h that follow from board.xml.
ARCH_CONFIG := ARM_PA_SIZE_BITS_$(call board_fact,board,pa_bits)=yes \
	$(if $(filter 2,$(call board_fact,board,exception_level)),\
	ARM_HYPERVISOR_SUPPORT=yes)
