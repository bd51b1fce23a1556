# SPDX-License-Identifier: BSD-2-Clause
# microkit: the tool that makes an image out of a system description.
tool_front := arena board diag driver dt expand files number sdf sdf_build \
	sdf_channel sdf_irq sdf_map sdf_pd sdf_region sdf_rules \
	sdf_rules_memory subsystem subsystem_driver subsystem_net \
	subsystem_serial subsystem_stats subsystem_timer xml
tool_back := build elf image layout options output patch phys program programs \
	report report_json table tables vlayout vspace vspace_aarch64

host_programs += microkit
microkit_sources := $(patsubst %,sdk/tool/%.c,main $(tool_front) $(tool_back))
microkit_cflags := -Isddf/include
microkit_ldlibs := -lexpat -lfdt

# Pure parts on their own.
host_tests += tool_elf_test
tool_elf_test_sources := tests/unit/tool_elf_test.c sdk/tool/elf.c

host_tests += tool_vspace_test
tool_vspace_test_sources := tests/unit/tool_vspace_test.c \
	$(patsubst %,sdk/tool/%.c,arena diag vspace vspace_aarch64)

host_tests += tool_phys_test
tool_phys_test_sources := tests/unit/tool_phys_test.c \
	$(patsubst %,sdk/tool/%.c,arena diag phys)

host_tests += tool_number_test
tool_number_test_sources := tests/unit/tool_number_test.c \
	$(patsubst %,sdk/tool/%.c,arena diag files number xml)
tool_number_test_ldlibs := -lexpat

host_tests += tool_dt_test
tool_dt_test_sources := tests/unit/tool_dt_test.c \
	$(patsubst %,sdk/tool/%.c,diag dt)
tool_dt_test_ldlibs := -lfdt
