# SPDX-License-Identifier: BSD-2-Clause
programs += serial_hostile.elf serial_honest.elf
serial_hostile.elf_sources := tests/serial/serial_hostile.c
serial_hostile.elf_libs := sddf_util_debug
serial_honest.elf_sources := tests/serial/serial_honest.c
serial_honest.elf_libs := sddf_util_debug

systems += serial-hostile
serial-hostile_system := tests/serial/serial-hostile.system
serial-hostile_programs := serial_hostile.elf serial_honest.elf

systems += unconfigured
unconfigured_system := tests/serial/unconfigured.system
unconfigured_programs := serial_driver_pl011.elf net_virt_rx.elf \
	timer_driver_arm.elf
