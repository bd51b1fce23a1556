# SPDX-License-Identifier: BSD-2-Clause
programs += serial_driver_pl011.elf
serial_driver_pl011.elf_sources := sddf/drivers/serial/pl011/serial_pl011.c
serial_driver_pl011.elf_libs := sddf_util_debug

host_tests += sddf_serial_pl011_test
sddf_serial_pl011_test_sources := tests/unit/sddf_serial_pl011_test.c \
	sddf/drivers/serial/pl011/serial_pl011.c tests/unit/fake/sddf.c \
	$(sddf_test_util)
sddf_serial_pl011_test_cflags := -DCONFIG_DEBUG_BUILD
