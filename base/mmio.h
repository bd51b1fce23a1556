/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio.h - device registers.  The only place with `volatile` in user code.
 *
 * Shape     a device is the address of its first register; a register is a
 *           byte offset, named once in the driver's *_regs.h.
 * Units     bytes; registers are little endian and naturally aligned.
 * Trust     a device may return anything.
 * Source    tests replace this file by tests/unit/fake/base/mmio.h, which lets
 *           a test program play the device.
 *
 * Accesses to one device stay in program order.  Order against normal memory
 * (rings, buffers) is the driver's job: mmio_publish(), mmio_observe().
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

static inline uint32_t mmio_read32(uintptr_t dev, uint32_t offset)
{
    return *(volatile uint32_t *)(dev + offset);
}

static inline void mmio_write32(uintptr_t dev, uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(dev + offset) = value;
}

static inline uint16_t mmio_read16(uintptr_t dev, uint32_t offset)
{
    return *(volatile uint16_t *)(dev + offset);
}

static inline uint8_t mmio_read8(uintptr_t dev, uint32_t offset)
{
    return *(volatile uint8_t *)(dev + offset);
}

/** Makes earlier stores to memory visible to the device before any later
 *  register write (a ring index before its doorbell). */
static inline void mmio_publish(void)
{
    /* Forbids that a register write overtakes a store to memory. */
    atomic_thread_fence(memory_order_seq_cst);
}

/** Makes later loads see at least what the device had written when an earlier
 *  register access took effect (an acknowledge before reading the rings). */
static inline void mmio_observe(void)
{
    /* Forbids that a load from memory overtakes a register access. */
    atomic_thread_fence(memory_order_seq_cst);
}
