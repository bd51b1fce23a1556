# SPDX-License-Identifier: BSD-2-Clause
host_tests += webserver_status_test
webserver_status_test_sources := tests/unit/systems/webserver/status_test.c \
	systems/webserver/status.c lions/web/text.c
webserver_status_test_cflags := -isystem $(HTTP_PARSER)
