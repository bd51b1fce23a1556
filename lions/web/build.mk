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
