# SPDX-License-Identifier: BSD-2-Clause
# What components link.  A program takes one of the last two, which differ in
# where sddf_printf() goes: the serial class, or the kernel's debug console.
include sddf/arch/$(ARCH)/arch.mk
sddf_util_common := sddf/util/printf.c sddf/util/util.c sddf/util/stats.c \
	sddf/util/check.c sddf/util/config_check.c $(sddf_arch_sources) \
	base/str.c base/fmt.c

libraries += libsddf_util.a libsddf_util_debug.a
libsddf_util.a_sources := $(sddf_util_common) sddf/util/putchar_serial.c
libsddf_util_debug.a_sources := $(sddf_util_common) sddf/util/putchar_debug.c
