# SPDX-License-Identifier: BSD-2-Clause
# Pure parts of the tool on their own.

# $1 name, $2 files of sdk/tool
define tool_test
host_tests += tool_$1_test
tool_$1_test_sources := tests/unit/sdk/tool/$1_test.c \
	$(patsubst %,sdk/tool/%.c,$2)
tool_$1_test_ldlibs := -lexpat -lfdt
endef
$(eval $(call tool_test,class,arena class_check class_check_parts class_check_steps class_table \
	diag))
tool_class_test_sources += $(class_sources) $(class_all)
$(eval $(call tool_test,dt,diag dt irqchip))
$(eval $(call tool_test,elf,elf))
$(eval $(call tool_test,number,arena diag files number xml))
$(eval $(call tool_test,phys,arena diag phys))
$(eval $(call tool_test,vspace,arena diag vspace arch arch/aarch64/arch \
	arch/aarch64/vspace))
