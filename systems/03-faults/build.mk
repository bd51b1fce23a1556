# SPDX-License-Identifier: BSD-2-Clause
faults_names := keeper crasher fresh server caller orphan
programs += $(foreach n,$(faults_names),faults_$n.elf)
$(foreach n,$(faults_names),$(eval \
	faults_$n.elf_sources := systems/03-faults/$n.c))

systems += faults
faults_system := systems/03-faults/faults.system
faults_programs := $(foreach n,$(faults_names),faults_$n.elf)
