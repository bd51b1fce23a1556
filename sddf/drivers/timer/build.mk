# SPDX-License-Identifier: BSD-2-Clause
programs += timer_driver_arm.elf
timer_driver_arm.elf_sources := sddf/drivers/timer/arm/timer_arm.c \
	sddf/timer/timeouts.c
timer_driver_arm.elf_libs := sddf_util_debug

host_tests += sddf_timer_test
sddf_timer_test_sources := tests/unit/sddf_timer_test.c sddf/timer/timeouts.c

host_tests += sddf_timer_arm_test
sddf_timer_arm_test_sources := tests/unit/sddf_timer_arm_test.c \
	sddf/drivers/timer/arm/timer_arm.c sddf/timer/timeouts.c \
	tests/unit/fake/sddf.c $(sddf_test_util)
sddf_timer_arm_test_cflags := -DCONFIG_DEBUG_BUILD
