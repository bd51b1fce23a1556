# SPDX-License-Identifier: BSD-2-Clause
compat_hierarchy_names := restarter crasher hello
programs += $(foreach n,$(compat_hierarchy_names),compat_$n.elf)
$(foreach n,$(compat_hierarchy_names),$(eval \
	compat_$n.elf_sources := tests/compat/hierarchy/$n.c))

systems += compat-hierarchy
compat-hierarchy_system := tests/compat/hierarchy/compat-hierarchy.system
compat-hierarchy_programs := \
	$(foreach n,$(compat_hierarchy_names),compat_$n.elf)
