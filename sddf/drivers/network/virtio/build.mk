# SPDX-License-Identifier: BSD-2-Clause
programs += net_driver_virtio.elf
net_driver_virtio.elf_sources := sddf/drivers/network/virtio/net_virtio.c \
	sddf/drivers/network/virtio/vdev.c sddf/drivers/network/virtio/vring.c
net_driver_virtio.elf_libs := sddf_util_debug
