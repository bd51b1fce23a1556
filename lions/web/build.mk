# SPDX-License-Identifier: BSD-2-Clause
# The web server: libweb.a is everything but the system's own pages.
web_pure := lions/web/archive.c lions/web/conn.c lions/web/date.c \
	lions/web/path.c lions/web/request.c lions/web/response.c \
	lions/web/text.c

libraries += libhttp_parser.a
libhttp_parser.a_sources := $(HTTP_PARSER)/http_parser.c
libhttp_parser.a_cflags := -isystem $(HTTP_PARSER)
libhttp_parser.a_libc := picolibc
libhttp_parser.a_foreign := yes

libraries += libweb.a
libweb.a_sources := $(web_pure) lions/web/server.c
libweb.a_cflags := $(LWIP_CFLAGS) -isystem $(HTTP_PARSER)
libweb.a_libc := picolibc

web_test_cflags := -isystem $(HTTP_PARSER)
web_test_sources := $(web_pure) $(HTTP_PARSER)/http_parser.c tests/unit/web_site.c

host_tests += web_text_test
web_text_test_sources := tests/unit/web_text_test.c lions/web/text.c \
	lions/web/date.c lions/web/path.c

host_tests += web_archive_test
web_archive_test_sources := tests/unit/web_archive_test.c $(web_test_sources)
web_archive_test_cflags := $(web_test_cflags)

host_tests += web_conn_test
web_conn_test_sources := tests/unit/web_conn_test.c $(web_test_sources)
web_conn_test_cflags := $(web_test_cflags)

host_tests += web_fuzz
web_fuzz_sources := tests/fuzz/web_fuzz.c $(web_test_sources)
web_fuzz_cflags := $(web_test_cflags)
