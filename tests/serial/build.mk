# SPDX-License-Identifier: BSD-2-Clause
programs += serial_hostile.elf serial_honest.elf
serial_hostile.elf_sources := tests/serial/serial_hostile.c
serial_hostile.elf_libs := sddf_util_debug
serial_honest.elf_sources := tests/serial/serial_honest.c
serial_honest.elf_libs := sddf_util_debug

systems += serial-hostile
serial-hostile_system := tests/serial/serial-hostile.system
serial-hostile_programs := serial_hostile.elf serial_honest.elf
