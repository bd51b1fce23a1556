# SPDX-License-Identifier: BSD-2-Clause
host_tests += web_fuzz
web_fuzz_sources := tests/fuzz/web_fuzz.c $(web_pure) \
	$(HTTP_PARSER)/http_parser.c tests/unit/lions/web/site.c
web_fuzz_cflags := -isystem $(HTTP_PARSER)
