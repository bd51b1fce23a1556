# SPDX-License-Identifier: BSD-2-Clause
# loader.elf: the first code after firmware.
programs += loader.elf
sdk_elfs += loader.elf
loader.elf_raw := yes
loader.elf_ldscript := loader/loader.ld
loader.elf_sources := $(addprefix loader/,start.S loader.c cache.c map.c print.c)

host_tests += loader_map_test
loader_map_test_sources := tests/unit/loader_map_test.c loader/map.c
