# SPDX-License-Identifier: BSD-2-Clause
programs += iperf.elf
iperf.elf_sources := tests/net/iperf/iperf.c
iperf.elf_libs := $(LWIP_LIBS) sddf_util_debug
iperf.elf_cflags := $(LWIP_CFLAGS)

systems += net-iperf
net-iperf_system := tests/net/iperf/iperf.system
net-iperf_programs := iperf.elf
