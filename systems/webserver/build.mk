# SPDX-License-Identifier: BSD-2-Clause
webserver_cflags := $(LWIP_CFLAGS) -isystem $(HTTP_PARSER)

programs += webserver_web.elf webserver_supervisor.elf
webserver_web.elf_sources := systems/webserver/web.c systems/webserver/status.c
webserver_web.elf_cflags := $(webserver_cflags) \
	-DSYSTEM_BOARD='"$(BOARD)"' -DSYSTEM_CONFIG='"$(CONFIG)"'
webserver_web.elf_libs := web http_parser $(LWIP_LIBS) sddf_util
webserver_web.elf_libc := picolibc
webserver_supervisor.elf_sources := systems/webserver/supervisor.c
webserver_supervisor.elf_libs := sddf_util_debug

webserver_site := $(O)/systems/webserver_site.bin
$(webserver_site): tools/webpack.py $(shell find systems/webserver/site)
	@mkdir -p $(@D)
	$(Q)tools/webpack.py systems/webserver/site $@

systems += webserver
webserver_system := systems/webserver/webserver.system
webserver_programs := webserver_web.elf webserver_supervisor.elf
webserver_files := $(webserver_site)
