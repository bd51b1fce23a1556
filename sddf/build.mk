# SPDX-License-Identifier: BSD-2-Clause
# What tests of components link, on the build machine.
sddf_test_util := sddf/util/printf.c sddf/util/util.c sddf/util/stats.c \
	sddf/util/check.c sddf/util/config_check.c sddf/util/putchar_debug.c base/fmt.c \
	tests/unit/fake/str.c

