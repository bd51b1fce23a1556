# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_util_config_check_test
sddf_util_config_check_test_sources := \
	tests/unit/sddf/util/config_check_test.c tests/unit/fake/sddf.c \
	$(sddf_test_util)
