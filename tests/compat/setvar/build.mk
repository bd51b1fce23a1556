# SPDX-License-Identifier: BSD-2-Clause
programs += compat_setvar.elf
compat_setvar.elf_sources := tests/compat/setvar/setvar.c

systems += compat-setvar
compat-setvar_system := tests/compat/setvar/compat-setvar.system
compat-setvar_programs := compat_setvar.elf
