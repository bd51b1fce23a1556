# SPDX-License-Identifier: BSD-2-Clause
programs += timer_driver_arm.elf
timer_driver_arm.elf_sources := sddf/drivers/timer/arm/timer_arm.c \
	sddf/timer/timeouts.c
timer_driver_arm.elf_libs := sddf_util_debug
