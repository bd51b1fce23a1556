# SPDX-License-Identifier: BSD-2-Clause
net_virtio_test_rest := tests/unit/fake/sddf.c $(sddf_test_util)

host_tests += sddf_drivers_network_virtio_rx_test
sddf_drivers_network_virtio_rx_test_sources := \
	tests/unit/sddf/drivers/network/virtio/rx_test.c \
	$(net_virtio_parts) $(net_virtio_test_rest)
sddf_drivers_network_virtio_rx_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_drivers_network_virtio_tx_test
sddf_drivers_network_virtio_tx_test_sources := \
	tests/unit/sddf/drivers/network/virtio/tx_test.c \
	$(net_virtio_parts) $(net_virtio_test_rest)
sddf_drivers_network_virtio_tx_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_drivers_network_virtio_control_test
sddf_drivers_network_virtio_control_test_sources := \
	tests/unit/sddf/drivers/network/virtio/control_test.c \
	$(net_virtio_parts) $(net_virtio_test_rest)
sddf_drivers_network_virtio_control_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_drivers_network_virtio_vring_test
sddf_drivers_network_virtio_vring_test_sources := \
	tests/unit/sddf/drivers/network/virtio/vring_test.c \
	$(net_virtio_parts) $(net_virtio_test_rest)
sddf_drivers_network_virtio_vring_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_drivers_network_virtio_restart_test
sddf_drivers_network_virtio_restart_test_sources := \
	tests/unit/sddf/drivers/network/virtio/restart_test.c \
	$(filter-out %/rx.c %/tx.c,$(net_virtio_parts)) $(net_virtio_test_rest)
sddf_drivers_network_virtio_restart_test_cflags := -DCONFIG_DEBUG_BUILD
