# SPDX-License-Identifier: BSD-2-Clause
programs += serial_virt_tx.elf serial_virt_rx.elf
serial_virt_tx.elf_sources := sddf/serial/virt_tx.c
serial_virt_tx.elf_libs := sddf_util_debug
serial_virt_rx.elf_sources := sddf/serial/virt_rx.c
serial_virt_rx.elf_libs := sddf_util_debug

host_tests += sddf_serial_virt_tx_test
sddf_serial_virt_tx_test_sources := tests/unit/sddf_serial_virt_tx_test.c \
	sddf/serial/virt_tx.c tests/unit/fake/sddf.c $(sddf_test_util)
sddf_serial_virt_tx_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_serial_virt_rx_test
sddf_serial_virt_rx_test_sources := tests/unit/sddf_serial_virt_rx_test.c \
	sddf/serial/virt_rx.c tests/unit/fake/sddf.c $(sddf_test_util)
sddf_serial_virt_rx_test_cflags := -DCONFIG_DEBUG_BUILD
