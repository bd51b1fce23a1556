/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads driver.xml files and picks one for a device. */
#include "sdk/tool/driver.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <sddf/resources/device.h>

#include "abi/limits.h"
#include "sdk/tool/number.h"
#include "sdk/tool/sdf.h"

#define DRIVER_IRQS_MAX  ((uint32_t)ABI_MICROKIT_IDS)
#define DRIVER_INDEX_MAX 64u

static_assert(ABI_MICROKIT_IDS <= DEVICE_MAX_IRQS, "a driver's interrupts");

static void driver_add_region(
    struct arena *arena, struct driver *driver, const struct xml_node *node)
{
    static const char *const names[] = { "name", "size", "index", "perms",
        "cached", NULL };
    static const char *const dma_names[] = { "name", "size", "cached", NULL };
    bool dma = xml_is(node, "dma_region");

    xml_attr_only(node, dma ? dma_names : names);
    xml_no_children(node);

    const char *perms = xml_attr(node, "perms");
    struct driver_region region = {
        .name = xml_attr_required(node, "name"),
        .dma = dma,
        .index = dma ? 0 : number_attr_id(node, "index", DRIVER_INDEX_MAX),
        .size = number_attr_required(node, "size"),
        .perms = SDF_READ | SDF_WRITE,
        .cached = number_attr_bool(node, "cached", dma),
    };

    if (perms != NULL && strcmp(perms, "r") == 0) {
        region.perms = SDF_READ;
    } else if (perms != NULL && strcmp(perms, "rw") != 0) {
        xml_error(node, "perms must be 'r' or 'rw'");
    }
    if (region.size == 0 || region.size % BOARD_PAGE != 0 ||
        region.size > UINT32_MAX) {
        xml_error(node, "size must be whole pages");
    }
    if (driver->region_count == DEVICE_MAX_REGIONS) {
        xml_error(node, "a driver has at most %d regions", DEVICE_MAX_REGIONS);
    }
    driver->region =
        arena_room(arena, driver->region, driver->region_count, sizeof region);
    driver->region[driver->region_count++] = region;
}

static void driver_add_irq(
    struct arena *arena, struct driver *driver, const struct xml_node *node)
{
    static const char *const names[] = { "index", "edge", NULL };

    xml_attr_only(node, names);
    xml_no_children(node);

    struct driver_irq irq = {
        .index = number_attr_id(node, "index", DRIVER_INDEX_MAX),
        .has_trigger = xml_attr(node, "edge") != NULL,
        .edge = number_attr_bool(node, "edge", false),
    };

    if (driver->irq_count == DRIVER_IRQS_MAX) {
        xml_error(node, "a driver has at most %u interrupts", DRIVER_IRQS_MAX);
    }
    driver->irq = arena_room(arena, driver->irq, driver->irq_count, sizeof irq);
    driver->irq[driver->irq_count++] = irq;
}

static void driver_child(
    struct arena *arena, struct driver *driver, const struct xml_node *node)
{
    if (xml_is(node, "compatible")) {
        driver->compatible = arena_room(arena, driver->compatible,
            driver->compatible_count, sizeof *driver->compatible);
        driver->compatible[driver->compatible_count++] = node->text;
    } else if (xml_is(node, "region") || xml_is(node, "dma_region")) {
        driver_add_region(arena, driver, node);
    } else if (xml_is(node, "irq")) {
        driver_add_irq(arena, driver, node);
    } else {
        xml_unknown(node);
    }
}

struct driver *driver_load(struct arena *arena, const char *directory,
    const char *class_name, const char *name)
{
    static const char *const names[] = { "class", "name", "program", NULL };
    struct files_path path = { .directory = &directory, .count = 1 };
    const char *file =
        files_find(arena, &path, arena_printf(arena, "%s/driver.xml", name));

    if (file == NULL) {
        return NULL;
    }

    const struct xml_node *root = xml_load(arena, file, "driver");
    struct driver *driver = arena_alloc(arena, sizeof *driver);

    xml_attr_only(root, names);
    driver->node = root;
    driver->name = xml_attr_required(root, "name");
    driver->program = xml_attr_required(root, "program");
    if (strcmp(xml_attr_required(root, "class"), class_name) != 0) {
        xml_error(root, "class must be '%s'", class_name);
    }
    for (const struct xml_node *node = root->child; node != NULL;
         node = node->next) {
        driver_child(arena, driver, node);
    }
    return driver;
}

static int driver_compare_names(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;

    return strcmp(*a, *b);
}

/* The names in a directory, sorted, so that results do not depend on the
 * file system. */
static const char **driver_names(
    struct arena *arena, const char *directory, uint32_t *count)
{
    const char **name = NULL;
    DIR *dir = opendir(directory);

    *count = 0;
    if (dir == NULL) {
        return NULL;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL;
         entry = readdir(dir)) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        name = arena_room(arena, name, *count, sizeof *name);
        name[(*count)++] =
            arena_copy(arena, entry->d_name, strlen(entry->d_name));
    }
    (void)closedir(dir);
    if (*count != 0) {
        qsort(name, *count, sizeof *name, driver_compare_names);
    }
    return name;
}

static bool driver_is_for(const struct driver *driver, const char *compatible)
{
    for (uint32_t i = 0; i < driver->compatible_count; i++) {
        if (strcmp(driver->compatible[i], compatible) == 0) {
            return true;
        }
    }
    return false;
}

struct driver *driver_match(struct arena *arena, const char *directory,
    const char *class_name, const struct dt *dt, int device)
{
    uint32_t count = 0;
    const char **name = driver_names(arena, directory, &count);
    struct driver **driver = arena_array(arena, count, sizeof *driver);

    for (uint32_t i = 0; i < count; i++) {
        driver[i] = driver_load(arena, directory, class_name, name[i]);
    }
    for (uint32_t k = 0; dt_compatible(dt, device, k) != NULL; k++) {
        const char *compatible = dt_compatible(dt, device, k);

        for (uint32_t i = 0; i < count; i++) {
            if (driver[i] != NULL && driver_is_for(driver[i], compatible)) {
                return driver[i];
            }
        }
    }
    return NULL;
}
