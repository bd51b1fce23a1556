/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of a subsystem: found through the device tree, and given exactly
 * its device: registers, interrupts, and memory that it shares with it. */
#include <string.h>

#include "sdk/tool/subsystem.h"

#define SUBSYSTEM_RESOURCES ".device_resources"

/* The driver and the device it is for. */
struct subsystem_device {
    struct dt dt;
    int node;
    const struct driver *driver;
};

static struct subsystem_device subsystem_find_device(
    const struct subsystem *subsystem)
{
    const struct sdf_options *options = subsystem->build->options;
    struct arena *arena = subsystem->build->arena;
    const struct xml_node *node = subsystem->node;
    const char *name = xml_attr_required(node, "device");
    const char *path = board_device_path(options->board, name);
    const char *driver = xml_attr(node, "driver");
    struct subsystem_device device = { .dt = dt_open(options->board) };

    if (path == NULL || !dt_find(&device.dt, path, &device.node)) {
        xml_error(
            node, "board '%s' has no device '%s'", options->board->name, name);
    }
    if (!dt_is_enabled(&device.dt, device.node)) {
        xml_error(node, "device '%s' is disabled in the device tree", name);
    }
    if (driver != NULL && strchr(driver, '/') != NULL) {
        xml_error(node, "driver '%s' is not a name", driver);
    }
    device.driver = driver != NULL
                        ? driver_load(arena, subsystem->drivers,
                              subsystem->class->name, driver)
                        : driver_match(arena, subsystem->drivers,
                              subsystem->class->name, &device.dt, device.node);
    if (device.driver == NULL) {
        xml_error(node, "no driver of class '%s' for device '%s' in '%s'",
            subsystem->class->name, name, subsystem->drivers);
    }
    return device;
}

/* Devices smaller than a page may share one: the region is made once. */
static uint32_t subsystem_register_region(struct subsystem *subsystem,
    const struct driver_region *need, uint64_t base, uint64_t size)
{
    struct sdf_system *system = subsystem->build->system;

    for (uint32_t i = 0; i < system->region_count; i++) {
        if (system->region[i].has_phys && system->region[i].phys == base &&
            system->region[i].size == size) {
            return i;
        }
    }

    uint32_t region = subsystem_add_region(subsystem, size,
        arena_printf(subsystem->build->arena, "driver_%s", need->name));

    system->region[region].has_phys = true;
    system->region[region].phys = base;
    return region;
}

static device_region_resource_t subsystem_map_registers(
    struct subsystem *subsystem, const struct subsystem_device *device,
    const struct driver_region *need)
{
    struct board_range range;
    uint64_t mask = BOARD_PAGE - 1;

    if (!dt_reg(&device->dt, device->node, need->index, &range)) {
        xml_error(subsystem->node,
            "the device has no usable 'reg' entry %u for driver '%s'",
            (unsigned)need->index, device->driver->name);
    }

    uint64_t offset = range.base & mask;
    uint64_t size =
        offset + (range.size < need->size ? range.size : need->size);

    size = (size + mask) & ~mask;

    uint32_t region =
        subsystem_register_region(subsystem, need, range.base - offset, size);
    uint64_t vaddr = sdf_map_anywhere(
        subsystem->build, subsystem->driver, region, need->perms, need->cached);

    return (device_region_resource_t){
        .region = {
            .vaddr = (void *)(uintptr_t)(vaddr + offset),
            .size = size - offset,
        },
        .io_addr = range.base,
    };
}

static uint8_t subsystem_add_irq(struct subsystem *subsystem,
    const struct subsystem_device *device, const struct driver_irq *need)
{
    struct irqchip_line found;

    if (!dt_irq(&device->dt, device->node, need->index, &found)) {
        xml_error(subsystem->node,
            "the device has no usable interrupt %u for driver '%s'",
            (unsigned)need->index, device->driver->name);
    }
    if (found.number >= subsystem->build->options->board->irq_lines) {
        xml_error(subsystem->node,
            "the device's interrupt %u is not one of the board's",
            (unsigned)found.number);
    }

    struct sdf_irq irq = {
        .number = found.number,
        .id = sdf_free_id(
            subsystem->build, subsystem->driver, &subsystem->node->pos),
        .edge = need->has_trigger ? need->edge : found.edge,
        .pos = subsystem->node->pos,
    };

    sdf_add_irq(subsystem->build, subsystem->driver, &irq);
    return (uint8_t)irq.id;
}

/* Memory that the driver shares with the device alone. */
static void subsystem_add_dma(struct subsystem *subsystem,
    const struct driver_region *need, device_region_resource_t *out)
{
    uint32_t region = subsystem_add_region(subsystem, need->size,
        arena_printf(subsystem->build->arena, "driver_%s", need->name));

    out->region.size = need->size;
    out->region.vaddr = (void *)(uintptr_t)sdf_map_anywhere(
        subsystem->build, subsystem->driver, region, need->perms, need->cached);
    subsystem_add_fixup(subsystem, subsystem->driver, SUBSYSTEM_RESOURCES,
        &out->io_addr, region);
}

void subsystem_add_driver(
    struct subsystem *subsystem, const struct class_role *role)
{
    struct subsystem_device device = subsystem_find_device(subsystem);
    const struct driver *driver = device.driver;
    device_resources_t *resources =
        arena_alloc(subsystem->build->arena, sizeof *resources);

    subsystem->coherent = dt_is_coherent(&device.dt, device.node);
    subsystem->driver =
        subsystem_add_pd(subsystem, &subsystem->single, role, driver->program);
    memcpy(resources->magic, DEVICE_MAGIC, DEVICE_MAGIC_LEN);
    subsystem_add_section(subsystem, subsystem->driver, SUBSYSTEM_RESOURCES,
        resources, sizeof *resources);
    for (uint32_t i = 0; i < driver->region_count; i++) {
        if (driver->region[i].dma) {
            subsystem_add_dma(
                subsystem, &driver->region[i], &resources->regions[i]);
        } else {
            resources->regions[i] =
                subsystem_map_registers(subsystem, &device, &driver->region[i]);
        }
        resources->num_regions++;
    }
    for (uint32_t i = 0; i < driver->irq_count; i++) {
        resources->irqs[i].id =
            subsystem_add_irq(subsystem, &device, &driver->irq[i]);
        resources->num_irqs++;
    }
}
