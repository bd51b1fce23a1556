# SPDX-License-Identifier: BSD-2-Clause
lions_web_test_cflags := -isystem $(HTTP_PARSER)
lions_web_test_sources := $(web_pure) $(HTTP_PARSER)/http_parser.c \
	tests/unit/lions/web/site.c

host_tests += lions_web_text_test
lions_web_text_test_sources := tests/unit/lions/web/text_test.c \
	lions/web/text.c lions/web/date.c lions/web/path.c

host_tests += lions_web_archive_test
lions_web_archive_test_sources := tests/unit/lions/web/archive_test.c \
	$(lions_web_test_sources)
lions_web_archive_test_cflags := $(lions_web_test_cflags)

host_tests += lions_web_conn_test
lions_web_conn_test_sources := tests/unit/lions/web/conn_test.c \
	$(lions_web_test_sources)
lions_web_conn_test_cflags := $(lions_web_test_cflags)
