# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_util_config_check_test
sddf_util_config_check_test_sources := \
	tests/unit/sddf/util/config_check_test.c tests/unit/fake/sddf.c \
	$(sddf_test_util)

host_tests += sddf_util_printf_test
sddf_util_printf_test_sources := tests/unit/sddf/util/printf_test.c \
	sddf/util/putchar_serial.c sddf/util/printf.c sddf/util/util.c \
	base/fmt.c tests/unit/fake/sddf.c
