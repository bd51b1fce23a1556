# SPDX-License-Identifier: BSD-2-Clause
# All of the driver but its entry points, which tests include.
net_virtio_parts := $(addprefix sddf/drivers/network/virtio/,control.c \
	restart.c rx.c tx.c vdev.c vring.c)

programs += net_driver_virtio.elf
net_driver_virtio.elf_sources := sddf/drivers/network/virtio/net_virtio.c \
	$(net_virtio_parts)
net_driver_virtio.elf_libs := sddf_util_debug
