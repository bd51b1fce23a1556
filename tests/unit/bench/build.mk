# SPDX-License-Identifier: BSD-2-Clause
host_tests += bench_plugin_kinds_aarch64_test
bench_plugin_kinds_aarch64_test_sources := \
	tests/unit/bench/plugin/kinds_aarch64_test.c bench/arch/aarch64/kinds.c

host_tests += bench_plugin_lines_test
bench_plugin_lines_test_sources := tests/unit/bench/plugin/lines_test.c
