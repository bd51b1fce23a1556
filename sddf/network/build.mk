# SPDX-License-Identifier: BSD-2-Clause
programs += net_virt_rx.elf net_virt_tx.elf net_copy.elf
net_virt_rx.elf_sources := sddf/network/virt_rx.c sddf/network/mac_table.c
net_virt_rx.elf_libs := sddf_util_debug
net_virt_tx.elf_sources := sddf/network/virt_tx.c sddf/network/tx_regions.c
net_virt_tx.elf_libs := sddf_util_debug
net_copy.elf_sources := sddf/network/copy.c
net_copy.elf_libs := sddf_util_debug
