# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_drivers_timer_arm_test
sddf_drivers_timer_arm_test_sources := \
	tests/unit/sddf/drivers/timer/arm/timer_arm_test.c \
	sddf/drivers/timer/arm/timer_arm.c sddf/timer/timeouts.c \
	tests/unit/fake/sddf.c $(sddf_test_util)
sddf_drivers_timer_arm_test_cflags := -DCONFIG_DEBUG_BUILD
