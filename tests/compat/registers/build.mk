# SPDX-License-Identifier: BSD-2-Clause
programs += compat_emulator.elf compat_emulated.elf
compat_emulator.elf_sources := tests/compat/registers/emulator.c
compat_emulated.elf_sources := tests/compat/registers/emulated.c

systems += compat-registers
compat-registers_system := tests/compat/registers/compat-registers.system
compat-registers_programs := compat_emulator.elf compat_emulated.elf
