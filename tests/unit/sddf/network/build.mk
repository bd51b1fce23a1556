# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_network_queue_test sddf_network_tables_test
sddf_network_queue_test_sources := tests/unit/sddf/network/queue_test.c
sddf_network_tables_test_sources := tests/unit/sddf/network/tables_test.c \
	sddf/network/mac_table.c sddf/network/tx_regions.c

host_tests += sddf_network_virt_rx_test
sddf_network_virt_rx_test_sources := tests/unit/sddf/network/virt_rx_test.c \
	sddf/network/mac_table.c tests/unit/fake/sddf.c $(sddf_test_util)

host_tests += sddf_network_virt_tx_test
sddf_network_virt_tx_test_sources := tests/unit/sddf/network/virt_tx_test.c \
	sddf/network/tx_regions.c tests/unit/fake/sddf.c $(sddf_test_util)

host_tests += sddf_network_copy_test
sddf_network_copy_test_sources := tests/unit/sddf/network/copy_test.c \
	tests/unit/fake/sddf.c $(sddf_test_util)

host_tests += sddf_network_chain_test
sddf_network_chain_test_sources := tests/unit/sddf/network/chain_test.c \
	$(addprefix tests/unit/sddf/network/chain/chain_,driver.c virt_rx.c \
	virt_tx.c copy.c) sddf/network/mac_table.c sddf/network/tx_regions.c \
	$(net_virtio_parts) tests/unit/fake/sddf.c $(sddf_test_util)
