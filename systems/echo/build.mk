# SPDX-License-Identifier: BSD-2-Clause
programs += echo.elf echo_meter.elf
echo.elf_sources := $(addprefix systems/echo/,echo.c udp_echo.c tcp_echo.c \
	utilisation.c)
echo.elf_libs := $(LWIP_LIBS) sddf_util
echo.elf_cflags := $(LWIP_CFLAGS)
echo_meter.elf_sources := systems/echo/meter.c
echo_meter.elf_libs := sddf_util_debug

systems += echo
echo_system := systems/echo/echo.system
echo_programs := echo.elf echo_meter.elf
