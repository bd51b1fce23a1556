/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio.h - in place of base/mmio.h: the test program is the device.
 *
 * Shape     the functions of base/mmio.h; the test defines fake_mmio_read()
 *           and fake_mmio_write().
 * Units     width in bytes: 1, 2 or 4.
 * Source    base/mmio.h.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

uint32_t fake_mmio_read(uintptr_t dev, uint32_t offset, uint32_t width);
void fake_mmio_write(
    uintptr_t dev, uint32_t offset, uint32_t width, uint32_t value);

static inline uint32_t mmio_read32(uintptr_t dev, uint32_t offset)
{
    return fake_mmio_read(dev, offset, 4);
}

static inline void mmio_write32(uintptr_t dev, uint32_t offset, uint32_t value)
{
    fake_mmio_write(dev, offset, 4, value);
}

static inline uint16_t mmio_read16(uintptr_t dev, uint32_t offset)
{
    return (uint16_t)fake_mmio_read(dev, offset, 2);
}

static inline uint8_t mmio_read8(uintptr_t dev, uint32_t offset)
{
    return (uint8_t)fake_mmio_read(dev, offset, 1);
}

static inline void mmio_publish(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}

static inline void mmio_observe(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}
