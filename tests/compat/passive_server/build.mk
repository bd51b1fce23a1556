# SPDX-License-Identifier: BSD-2-Clause
programs += compat_server.elf compat_client.elf
compat_server.elf_sources := tests/compat/passive_server/server.c
compat_client.elf_sources := tests/compat/passive_server/client.c

systems += compat-passive
compat-passive_system := tests/compat/passive_server/compat-passive.system
compat-passive_programs := compat_server.elf compat_client.elf
