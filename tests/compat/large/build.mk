# SPDX-License-Identifier: BSD-2-Clause
programs += compat_large.elf
compat_large.elf_sources := tests/compat/large/large.c

systems += compat-large
compat-large_system := tests/compat/large/compat-large.system
compat-large_programs := compat_large.elf
