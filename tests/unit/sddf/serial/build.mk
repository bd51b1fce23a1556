# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_serial_queue_test
sddf_serial_queue_test_sources := tests/unit/sddf/serial/queue_test.c

host_tests += sddf_serial_virt_tx_test
sddf_serial_virt_tx_test_sources := tests/unit/sddf/serial/virt_tx_test.c \
	sddf/serial/virt_tx.c tests/unit/fake/sddf.c $(sddf_test_util)
sddf_serial_virt_tx_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_serial_virt_rx_test
sddf_serial_virt_rx_test_sources := tests/unit/sddf/serial/virt_rx_test.c \
	sddf/serial/virt_rx.c tests/unit/fake/sddf.c $(sddf_test_util)
sddf_serial_virt_rx_test_cflags := -DCONFIG_DEBUG_BUILD
