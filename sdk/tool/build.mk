# SPDX-License-Identifier: BSD-2-Clause
# microkit: the tool that makes an image out of a system description.  One tool
# serves every architecture.
host_programs += microkit
microkit_sources := $(sort $(wildcard sdk/tool/*.c sdk/tool/arch/*/*.c))
microkit_cflags := -Isddf/include
microkit_ldlibs := -lexpat -lfdt

# Pure parts on their own.
tool_test = tests/unit/$1.c $(patsubst %,sdk/tool/%.c,$2)

host_tests += tool_elf_test
tool_elf_test_sources := $(call tool_test,tool_elf_test,elf)

host_tests += tool_vspace_test
tool_vspace_test_sources := $(call \
	tool_test,tool_vspace_test,arena diag vspace arch arch/aarch64/arch arch/aarch64/vspace)

host_tests += tool_phys_test
tool_phys_test_sources := $(call tool_test,tool_phys_test,arena diag phys)

host_tests += tool_number_test
tool_number_test_sources := $(call \
	tool_test,tool_number_test,arena diag files number xml)
tool_number_test_ldlibs := -lexpat

host_tests += tool_dt_test
tool_dt_test_sources := $(call tool_test,tool_dt_test,diag dt irqchip)
tool_dt_test_ldlibs := -lfdt
