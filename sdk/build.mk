# SPDX-License-Identifier: BSD-2-Clause
# What programs for the target get from the SDK: headers, libmicrokit.a,
# microkit.ld and the monitor.  The host tool has its own build.mk.
sdk_include_dirs += sdk/include sdk/arch/$(ARCH)/include

libraries += libmicrokit.a
sdk_libs += libmicrokit.a
libmicrokit.a_sources := sdk/arch/$(ARCH)/crt0.S \
	$(addprefix sdk/libmicrokit/,start.c loop.c entry.c children.c error.c \
	sel4.c benchmark.c print.c mem.c)
libmicrokit.a_cflags := $(ARCH_UNALIGNED_CFLAGS)

programs += monitor.elf
sdk_elfs += monitor.elf
monitor.elf_sources := sdk/monitor/monitor.c $(if $(filter debug,$(CONFIG)),\
	sdk/monitor/report.c sdk/arch/$(ARCH)/decode.c,sdk/monitor/report_none.c)

# Configuration constants, as seL4 names them.
gen_config := $(SDK_BOARD)/include/kernel/gen_config
gen_config_parts := sdk/config/common.conf sdk/arch/$(ARCH)/config.conf \
	boards/$(BOARD)/kernel.conf sdk/config/$(CONFIG).conf

$(gen_config).h $(gen_config).json: $(gen_config).%: \
		sdk/config/gen_config.awk $(gen_config_parts) \
		sdk/arch/$(ARCH)/arch.mk boards/$(BOARD)/board.xml
	@mkdir -p $(@D)
	$(Q)awk -v form=$* -v more='$(strip $(ARCH_CONFIG))' -f $< \
		$(gen_config_parts) > $@
$(SDK_BOARD)/.headers: $(gen_config).h $(gen_config).json
