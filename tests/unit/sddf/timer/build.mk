# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_timer_test
sddf_timer_test_sources := tests/unit/sddf/timer/timer_test.c \
	sddf/timer/timeouts.c
