# SPDX-License-Identifier: BSD-2-Clause
# loader.elf: the first code after firmware.
include loader/arch/$(ARCH)/arch.mk

programs += loader.elf
sdk_elfs += loader.elf
loader.elf_raw := yes
loader.elf_ldscript := loader/loader.ld
loader.elf_cflags := -Iloader/arch/$(ARCH)
loader.elf_sources := $(loader_arch_sources) \
	$(addprefix loader/,loader.c print.c console_$(CONSOLE).c)
