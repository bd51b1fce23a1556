# SPDX-License-Identifier: BSD-2-Clause
release_names := server caller reporter
programs += $(foreach n,$(release_names),release_$n.elf)
$(foreach n,$(release_names),$(eval \
	release_$n.elf_sources := tests/release/$n.c))
release_reporter.elf_sources += \
	tests/release/cycles_$(if $(filter benchmark,$(CONFIG)),open,closed).c

systems += release
release_system := tests/release/release.system
release_programs := $(foreach n,$(release_names),release_$n.elf)
