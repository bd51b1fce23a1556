# SPDX-License-Identifier: BSD-2-Clause
# microkit: the tool that makes an image out of a system description.  One tool
# serves every architecture.
#
# Device classes describe themselves beside their protocol: sdk/tool/class.h.
# The list of those that there are is made from the directories' names.
class_sources := $(sort $(wildcard sddf/*/class.c lions/*/class.c))
class_names := $(foreach f,$(class_sources),class_$(notdir $(patsubst \
	%/,%,$(dir $f))))
# the file's name changes with them, so the list is never an old one
class_all := $(O)/gen/class_all_$(firstword $(shell echo $(class_names) | \
	cksum)).c
$(class_all): sdk/tool/build.mk
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q){ echo '/* Generated: every class.c of the tree. */'; \
		echo '#include "sdk/tool/class.h"'; \
		for c in $(class_names); do \
		echo "extern const struct class $$c;"; done; \
		echo 'const struct class *const class_all[] = {'; \
		for c in $(class_names); do echo "    &$$c,"; done; \
		echo '    0,'; echo '};'; } > $@

host_programs += microkit
microkit_sources := $(sort $(wildcard sdk/tool/*.c sdk/tool/arch/*/*.c)) \
	$(class_sources) $(class_all)
microkit_cflags := -Isddf/include
microkit_ldlibs := -lexpat -lfdt
