/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.h - what the tool tells a driver about its device.
 *
 * Shape     section .device_resources; layout of sDDF 0.7, asserted.  The host
 *           tool includes this file too.
 * Units     bytes; region.vaddr is virtual, io_addr what the device sees.
 * Owner     written into the ELF by the tool; constant at run time.
 * Trust     as trusted as the image itself.
 * Errors    device_resources_check_magic() is false when nothing was written.
 * Source    names and layouts of sDDF 0.7.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sddf/resources/common.h>

#define DEVICE_MAGIC_LEN   5
#define DEVICE_MAX_REGIONS 64
#define DEVICE_MAX_IRQS    64

static const char DEVICE_MAGIC[DEVICE_MAGIC_LEN] = { 's', 'D', 'D', 'F', 0x1 };

typedef struct device_region_resource {
    region_resource_t region;
    uintptr_t io_addr;
} device_region_resource_t;

typedef struct device_irq_resource {
    uint8_t id; /* the interrupt's channel */
} device_irq_resource_t;

typedef struct device_resources {
    char magic[DEVICE_MAGIC_LEN];
    uint8_t num_regions;
    uint8_t num_irqs;
    device_region_resource_t regions[DEVICE_MAX_REGIONS];
    device_irq_resource_t irqs[DEVICE_MAX_IRQS];
} device_resources_t;

static_assert(sizeof(device_region_resource_t) == 24, "sDDF device region");
static_assert(sizeof(device_resources_t) == 1608, "sDDF device_resources");

static inline bool device_resources_check_magic(
    const device_resources_t *device)
{
    for (int i = 0; i < DEVICE_MAGIC_LEN; i++) {
        if (device->magic[i] != DEVICE_MAGIC[i]) {
            return false;
        }
    }
    return true;
}
