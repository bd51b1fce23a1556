# SPDX-License-Identifier: BSD-2-Clause
programs += greeter.elf
greeter.elf_sources := systems/06-network/greeter.c
greeter.elf_cflags := $(LWIP_CFLAGS)
greeter.elf_libs := $(LWIP_LIBS) sddf_util_debug

systems += network
network_system := systems/06-network/network.system
network_programs := greeter.elf
