# SPDX-License-Identifier: BSD-2-Clause
programs += serial_client.elf
serial_client.elf_sources := systems/04-serial/serial_client.c
serial_client.elf_libs := sddf_util

systems += serial
serial_system := systems/04-serial/serial.system
serial_programs := serial_client.elf
