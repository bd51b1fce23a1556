# SPDX-License-Identifier: BSD-2-Clause
programs += net_driver_virtio.elf
net_driver_virtio.elf_sources := sddf/drivers/network/virtio/net_virtio.c \
	sddf/drivers/network/virtio/vdev.c sddf/drivers/network/virtio/vring.c
net_driver_virtio.elf_libs := sddf_util_debug

host_tests += sddf_net_virtio_test
sddf_net_virtio_test_sources := tests/unit/sddf_net_virtio_test.c \
	sddf/drivers/network/virtio/vdev.c sddf/drivers/network/virtio/vring.c \
	tests/unit/fake/sddf.c $(sddf_test_util)
sddf_net_virtio_test_cflags := -DCONFIG_DEBUG_BUILD

host_tests += sddf_net_virtio_hints_test
sddf_net_virtio_hints_test_sources := tests/unit/sddf_net_virtio_hints_test.c \
	sddf/drivers/network/virtio/vdev.c sddf/drivers/network/virtio/vring.c \
	tests/unit/fake/sddf.c $(sddf_test_util)
sddf_net_virtio_hints_test_cflags := -DCONFIG_DEBUG_BUILD
