# SPDX-License-Identifier: BSD-2-Clause
programs += compat_coroutine.elf
compat_coroutine.elf_sources := tests/compat/coroutine/coroutine.c \
	tests/compat/coroutine/arch/$(ARCH)/switch.S

systems += compat-coroutine
compat-coroutine_system := tests/compat/coroutine/compat-coroutine.system
compat-coroutine_programs := compat_coroutine.elf
