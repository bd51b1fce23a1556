# SPDX-License-Identifier: BSD-2-Clause
programs += serial_virt_tx.elf serial_virt_rx.elf
serial_virt_tx.elf_sources := sddf/serial/virt_tx.c
serial_virt_tx.elf_libs := sddf_util_debug
serial_virt_rx.elf_sources := sddf/serial/virt_rx.c
serial_virt_rx.elf_libs := sddf_util_debug
