/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device initialisation in the words of VIRTIO 1.2, section 3.1.1.
 */
#include "sddf/drivers/network/virtio/vdev.h"

#include <sddf/virtio/mmio_regs.h>

#include "base/mmio.h"

/* A device that has not reset after this many reads never will. */
#define RESET_POLLS 1000000

/* Adds a bit to the device status. */
static void status_add(uintptr_t regs, uint32_t bit)
{
    mmio_write32(
        regs, VIRTIO_MMIO_STATUS, mmio_read32(regs, VIRTIO_MMIO_STATUS) | bit);
}

enum err vdev_reset(uintptr_t regs, uint32_t device_id)
{
    /* 4.2.3.1.1: magic, version, then the device id */
    if (mmio_read32(regs, VIRTIO_MMIO_MAGIC) != VIRTIO_MMIO_MAGIC_VALUE ||
        mmio_read32(regs, VIRTIO_MMIO_VERSION) != VIRTIO_MMIO_VERSION_2 ||
        mmio_read32(regs, VIRTIO_MMIO_DEVICE_ID) != device_id) {
        return ERR_DEVICE;
    }
    /* 3.1.1 step 1, and 2.4: reset is complete when status reads 0 */
    mmio_write32(regs, VIRTIO_MMIO_STATUS, 0);
    for (uint32_t i = 0; i < RESET_POLLS; i++) {
        if (mmio_read32(regs, VIRTIO_MMIO_STATUS) == 0) {
            mmio_observe();
            return ERR_OK;
        }
    }
    return ERR_DEVICE;
}

enum err vdev_negotiate(
    uintptr_t regs, uint32_t wanted, uint32_t *offered, uint32_t *accepted)
{
    /* 3.1.1 steps 2 and 3 */
    status_add(regs, VIRTIO_STATUS_ACKNOWLEDGE);
    status_add(regs, VIRTIO_STATUS_DRIVER);

    /* step 4: feature bits, word 0 and word 1 */
    mmio_write32(regs, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 0);
    uint32_t low = mmio_read32(regs, VIRTIO_MMIO_DEVICE_FEATURES);
    uint32_t use = low & wanted;
    mmio_write32(regs, VIRTIO_MMIO_DEVICE_FEATURES_SEL, 1);
    uint32_t high = mmio_read32(regs, VIRTIO_MMIO_DEVICE_FEATURES);
    if ((high & VIRTIO_F_VERSION_1_WORD1) == 0) {
        return ERR_DEVICE; /* 6.1: a legacy-only device */
    }
    mmio_write32(regs, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 0);
    mmio_write32(regs, VIRTIO_MMIO_DRIVER_FEATURES, use);
    mmio_write32(regs, VIRTIO_MMIO_DRIVER_FEATURES_SEL, 1);
    mmio_write32(regs, VIRTIO_MMIO_DRIVER_FEATURES, VIRTIO_F_VERSION_1_WORD1);

    /* steps 5 and 6: does the device agree? */
    status_add(regs, VIRTIO_STATUS_FEATURES_OK);
    if ((mmio_read32(regs, VIRTIO_MMIO_STATUS) & VIRTIO_STATUS_FEATURES_OK) ==
        0) {
        return ERR_DEVICE;
    }
    *offered = low;
    *accepted = use;
    return ERR_OK;
}

uint32_t vdev_queue_max(uintptr_t regs, uint32_t index)
{
    mmio_write32(regs, VIRTIO_MMIO_QUEUE_SEL, index);
    return mmio_read32(regs, VIRTIO_MMIO_QUEUE_NUM_MAX);
}

/* Writes a 64 bit address into a pair of registers. */
static void write_address(uintptr_t regs, uint32_t low, uint64_t address)
{
    mmio_write32(regs, low, (uint32_t)address);
    mmio_write32(regs, low + 4, (uint32_t)(address >> 32));
}

enum err vdev_queue(
    uintptr_t regs, uint32_t index, const struct vdev_queue *queue)
{
    /* 4.2.3.2, in its order */
    mmio_write32(regs, VIRTIO_MMIO_QUEUE_SEL, index);
    if (mmio_read32(regs, VIRTIO_MMIO_QUEUE_READY) != 0) {
        return ERR_DEVICE;
    }
    if (mmio_read32(regs, VIRTIO_MMIO_QUEUE_NUM_MAX) < queue->num) {
        return ERR_RANGE;
    }
    mmio_write32(regs, VIRTIO_MMIO_QUEUE_NUM, queue->num);
    write_address(regs, VIRTIO_MMIO_QUEUE_DESC_LOW, queue->desc);
    write_address(regs, VIRTIO_MMIO_QUEUE_DRIVER_LOW, queue->avail);
    write_address(regs, VIRTIO_MMIO_QUEUE_DEVICE_LOW, queue->used);
    mmio_publish();
    mmio_write32(regs, VIRTIO_MMIO_QUEUE_READY, 1);
    return ERR_OK;
}

void vdev_go(uintptr_t regs)
{
    status_add(regs, VIRTIO_STATUS_DRIVER_OK); /* step 8 */
}

void vdev_fail(uintptr_t regs)
{
    status_add(regs, VIRTIO_STATUS_FAILED); /* 2.1 */
}
