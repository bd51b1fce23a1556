# SPDX-License-Identifier: BSD-2-Clause
# The server without lwIP, a site, and a peer that talks to it.
host_parts += lions_web_pure
lions_web_pure_sources := $(web_pure) $(HTTP_PARSER)/http_parser.c \
	tests/unit/lions/web/site.c tests/unit/lions/web/talk.c
lions_web_pure_cflags := -isystem $(HTTP_PARSER)

lions_web_tests := $(patsubst %,lions_web_%_test,archive conn date path request \
	response text)
host_tests += $(lions_web_tests)
$(foreach t,$(lions_web_tests),$(eval $t_sources := \
	tests/unit/lions/web/$(t:lions_web_%=%).c))
$(foreach t,$(lions_web_tests),$(eval $t_parts := lions_web_pure))
$(foreach t,$(lions_web_tests),$(eval $t_cflags := -isystem $(HTTP_PARSER)))
