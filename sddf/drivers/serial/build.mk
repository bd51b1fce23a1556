# SPDX-License-Identifier: BSD-2-Clause
programs += serial_driver_pl011.elf
serial_driver_pl011.elf_sources := sddf/drivers/serial/pl011/serial_pl011.c
serial_driver_pl011.elf_libs := sddf_util_debug
