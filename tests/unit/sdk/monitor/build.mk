# SPDX-License-Identifier: BSD-2-Clause
host_tests += monitor_test
monitor_test_sources := tests/unit/sdk/monitor/monitor_test.c sdk/monitor/monitor.c \
	sdk/monitor/report.c sdk/arch/aarch64/decode.c \
	$(addprefix sdk/libmicrokit/,children.c error.c print.c)
monitor_test_cflags := $(libmicrokit_test_cflags)
