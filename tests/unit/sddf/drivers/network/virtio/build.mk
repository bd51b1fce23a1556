# SPDX-License-Identifier: BSD-2-Clause
host_tests += sddf_drivers_network_virtio_test
sddf_drivers_network_virtio_test_sources := \
	tests/unit/sddf/drivers/network/virtio/net_virtio_test.c \
	sddf/drivers/network/virtio/vdev.c sddf/drivers/network/virtio/vring.c \
	tests/unit/fake/sddf.c $(sddf_test_util)
sddf_drivers_network_virtio_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_drivers_network_virtio_hints_test
sddf_drivers_network_virtio_hints_test_sources := \
	tests/unit/sddf/drivers/network/virtio/hints_test.c \
	sddf/drivers/network/virtio/vdev.c sddf/drivers/network/virtio/vring.c \
	tests/unit/fake/sddf.c $(sddf_test_util)
sddf_drivers_network_virtio_hints_test_cflags := -DCONFIG_DEBUG_BUILD
