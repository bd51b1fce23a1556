# SPDX-License-Identifier: BSD-2-Clause
host_tests += loader_aarch64_map_test
loader_aarch64_map_test_sources := tests/unit/loader/arch/aarch64/map_test.c \
	loader/arch/aarch64/map.c
