# SPDX-License-Identifier: BSD-2-Clause
programs += net_virt_rx.elf net_virt_tx.elf net_copy.elf
net_virt_rx.elf_sources := sddf/network/virt_rx.c sddf/network/mac_table.c
net_virt_rx.elf_libs := sddf_util_debug
net_virt_tx.elf_sources := sddf/network/virt_tx.c sddf/network/tx_regions.c
net_virt_tx.elf_libs := sddf_util_debug
net_copy.elf_sources := sddf/network/copy.c
net_copy.elf_libs := sddf_util_debug

host_tests += sddf_net_queue_test sddf_net_tables_test sddf_net_virt_rx_test
sddf_net_queue_test_sources := tests/unit/sddf_net_queue_test.c
sddf_net_tables_test_sources := tests/unit/sddf_net_tables_test.c \
	sddf/network/mac_table.c sddf/network/tx_regions.c
sddf_net_virt_rx_test_sources := tests/unit/sddf_net_virt_rx_test.c \
	sddf/network/mac_table.c tests/unit/fake/sddf.c $(sddf_test_util)

host_tests += sddf_net_virt_tx_test sddf_net_copy_test
sddf_net_virt_tx_test_sources := tests/unit/sddf_net_virt_tx_test.c \
	sddf/network/tx_regions.c tests/unit/fake/sddf.c $(sddf_test_util)
sddf_net_copy_test_sources := tests/unit/sddf_net_copy_test.c \
	tests/unit/fake/sddf.c $(sddf_test_util)

host_tests += sddf_net_chain_test
sddf_net_chain_test_sources := tests/unit/sddf_net_chain_test.c \
	$(addprefix tests/unit/net_chain/chain_,driver.c virt_rx.c virt_tx.c \
	copy.c) sddf/network/mac_table.c sddf/network/tx_regions.c \
	sddf/drivers/network/virtio/vdev.c sddf/drivers/network/virtio/vring.c \
	tests/unit/fake/sddf.c $(sddf_test_util)
