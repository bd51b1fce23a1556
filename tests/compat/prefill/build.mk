# SPDX-License-Identifier: BSD-2-Clause
programs += compat_prefill.elf
compat_prefill.elf_sources := tests/compat/prefill/prefill.c

systems += compat-prefill
compat-prefill_system := tests/compat/prefill/compat-prefill.system
compat-prefill_programs := compat_prefill.elf
compat-prefill_files := tests/compat/prefill/content.txt
