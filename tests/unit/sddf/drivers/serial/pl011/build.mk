# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_drivers_serial_pl011_test
sddf_drivers_serial_pl011_test_sources := \
	tests/unit/sddf/drivers/serial/pl011/serial_pl011_test.c \
	sddf/drivers/serial/pl011/serial_pl011.c tests/unit/fake/sddf.c \
	$(sddf_test_util)
sddf_drivers_serial_pl011_test_cflags := -DCONFIG_DEBUG_BUILD
