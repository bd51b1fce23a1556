/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the few properties that describe where a device is. */
#include "sdk/tool/dt.h"

#include <libfdt.h>
#include <string.h>

#include "base/range.h"
#include "sdk/tool/diag.h"

#define DT_CELL_SIZE 4u
#define DT_CELLS_MAX 4u
#define DT_DEPTH_MAX 32

/* A property's cells. */
struct dt_cells {
    const fdt32_t *cell;
    uint32_t count;
};

struct dt dt_open(const struct board *board)
{
    const struct files_content *content = &board->device_tree;
    struct dt dt = { .blob = content->data, .irqchip = board->irqchip };

    if (content->data == NULL) {
        diag_error(
            NULL, "board '%s' has no device tree (board.dtb)", board->name);
    }

    int error = fdt_check_full(content->data, content->size);

    if (error != 0) {
        diag_error(NULL, "the device tree of board '%s' is damaged: %s",
            board->name, fdt_strerror(error));
    }
    return dt;
}

bool dt_find(const struct dt *dt, const char *path, int *node)
{
    int offset = fdt_path_offset(dt->blob, path);

    if (offset < 0) {
        return false;
    }
    *node = offset;
    return true;
}

static const char *dt_text(const struct dt *dt, int node, const char *name)
{
    int len = 0;
    const char *text = fdt_getprop(dt->blob, node, name, &len);

    if (text == NULL || len <= 0 || text[len - 1] != '\0') {
        return NULL;
    }
    return text;
}

bool dt_is_enabled(const struct dt *dt, int node)
{
    const char *status = dt_text(dt, node, "status");

    return status == NULL || strcmp(status, "okay") == 0 ||
           strcmp(status, "ok") == 0;
}

bool dt_is_coherent(const struct dt *dt, int node)
{
    for (int at = node; at >= 0; at = fdt_parent_offset(dt->blob, at)) {
        if (fdt_getprop(dt->blob, at, "dma-noncoherent", NULL) != NULL) {
            return false;
        }
        if (fdt_getprop(dt->blob, at, "dma-coherent", NULL) != NULL) {
            return true;
        }
    }
    return false;
}

const char *dt_compatible(const struct dt *dt, int node, uint32_t index)
{
    if (index > INT32_MAX) {
        return NULL;
    }
    return fdt_stringlist_get(dt->blob, node, "compatible", (int)index, NULL);
}

static struct dt_cells dt_property(
    const struct dt *dt, int node, const char *name)
{
    int len = 0;
    const void *data = fdt_getprop(dt->blob, node, name, &len);
    struct dt_cells cells = { 0 };

    if (data != NULL && len >= 0) {
        cells.cell = data;
        cells.count = (uint32_t)len / DT_CELL_SIZE;
    }
    return cells;
}

/* A number of `count` cells at `at`; false if the property ends before. */
static bool dt_value(
    struct dt_cells cells, uint64_t at, uint32_t count, uint64_t *out)
{
    uint64_t value = 0;

    if (count > DT_CELLS_MAX || !range_contains(cells.count, at, count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (value >> 32 != 0) {
            return false; /* more than 64 bits */
        }
        value = value << 32 | fdt32_to_cpu(cells.cell[at + i]);
    }
    *out = value;
    return true;
}

/* A property of one small number. */
static uint32_t dt_number(
    const struct dt *dt, int node, const char *name, uint32_t otherwise)
{
    uint64_t value = 0;

    return dt_value(dt_property(dt, node, name), 0, 1, &value) ? (uint32_t)value
                                                               : otherwise;
}

static uint32_t dt_address_cells(const struct dt *dt, int node)
{
    return dt_number(dt, node, "#address-cells", 2);
}

static uint32_t dt_size_cells(const struct dt *dt, int node)
{
    return dt_number(dt, node, "#size-cells", 1);
}

/* Translates a range on the bus `bus` to the bus of `parent`, of which `bus`
 * is a child, by the property "ranges". */
static bool dt_translate(
    const struct dt *dt, int bus, int parent, struct board_range *range)
{
    struct dt_cells cells = dt_property(dt, bus, "ranges");
    uint32_t child_cells = dt_address_cells(dt, bus);
    uint32_t parent_cells = dt_address_cells(dt, parent);
    uint32_t size_cells = dt_size_cells(dt, bus);
    uint64_t step = (uint64_t)child_cells + parent_cells + size_cells;

    if (cells.cell == NULL) {
        return false; /* not visible from outside */
    }
    if (cells.count == 0) {
        return true; /* one to one */
    }
    if (child_cells > DT_CELLS_MAX || parent_cells > DT_CELLS_MAX ||
        size_cells > DT_CELLS_MAX || step == 0) {
        return false;
    }
    for (uint64_t at = 0; at + step <= cells.count; at += step) {
        uint64_t from = 0;
        uint64_t to = 0;
        uint64_t size = 0;

        if (dt_value(cells, at, child_cells, &from) &&
            dt_value(cells, at + child_cells, parent_cells, &to) &&
            dt_value(
                cells, at + child_cells + parent_cells, size_cells, &size) &&
            range_holds(from, size, range->base, range->size)) {
            return add_ok(to, range->base - from, &range->base);
        }
    }
    return false;
}

bool dt_reg(
    const struct dt *dt, int node, uint32_t index, struct board_range *out)
{
    int bus = fdt_parent_offset(dt->blob, node);

    if (bus < 0) {
        return false;
    }

    struct dt_cells cells = dt_property(dt, node, "reg");
    uint32_t address_cells = dt_address_cells(dt, bus);
    uint32_t size_cells = dt_size_cells(dt, bus);
    uint64_t at = (uint64_t)index * ((uint64_t)address_cells + size_cells);
    struct board_range range = { .use = "" };

    if (!dt_value(cells, at, address_cells, &range.base) ||
        !dt_value(cells, at + address_cells, size_cells, &range.size) ||
        range.size == 0 || range.base > UINT64_MAX - range.size) {
        return false;
    }
    for (int depth = 0; depth < DT_DEPTH_MAX; depth++) {
        int parent = fdt_parent_offset(dt->blob, bus);

        if (parent < 0) {
            *out = range; /* `bus` is the root */
            return true;
        }
        if (!dt_translate(dt, bus, parent, &range)) {
            return false;
        }
        bus = parent;
    }
    return false;
}

/* How many cells an interrupt of this node has: its controller says. */
static uint32_t dt_irq_cells(const struct dt *dt, int node)
{
    for (int depth = 0; node >= 0 && depth < DT_DEPTH_MAX; depth++) {
        uint32_t handle = dt_number(dt, node, "interrupt-parent", 0);

        if (handle != 0) {
            int controller = fdt_node_offset_by_phandle(dt->blob, handle);

            return controller < 0
                       ? 0
                       : dt_number(dt, controller, "#interrupt-cells", 0);
        }
        node = fdt_parent_offset(dt->blob, node);
    }
    return 0;
}

bool dt_irq(
    const struct dt *dt, int node, uint32_t index, struct irqchip_line *out)
{
    struct dt_cells cells = dt_property(dt, node, "interrupts");
    uint32_t count = dt->irqchip->cells;
    uint64_t value[IRQCHIP_CELLS_MAX];

    if (dt_irq_cells(dt, node) != count) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!dt_value(cells, (uint64_t)index * count + i, 1, &value[i])) {
            return false;
        }
    }
    return dt->irqchip->decode(value, out);
}
