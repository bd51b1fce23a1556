# SPDX-License-Identifier: BSD-2-Clause
programs += compat_prefill.elf
compat_prefill.elf_sources := tests/compat/prefill/prefill.c

systems += compat-prefill
compat-prefill_system := tests/compat/prefill/compat-prefill.system
compat-prefill_programs := compat_prefill.elf
compat-prefill_files := $(O)/gen/compat/content.txt

$(O)/gen/compat/content.txt: tests/compat/prefill/build.mk
	@mkdir -p $(@D)
	$(Q)awk 'BEGIN { for (i = 0; i < 200; i++) \
		printf "line %03d of the content.\n", i }' > $@
