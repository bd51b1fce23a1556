# SPDX-License-Identifier: BSD-2-Clause
$(foreach n,bits bytes range,$(eval host_tests += base_$(n)_test) \
	$(eval base_$(n)_test_sources := tests/unit/base/$(n)_test.c))

host_tests += base_fmt_test
base_fmt_test_sources := tests/unit/base/fmt_test.c base/fmt.c

host_tests += base_mem_test
base_mem_test_sources := tests/unit/base/mem_test.c tests/unit/base/mem_renamed.c
base_mem_test_cflags := -fno-builtin
