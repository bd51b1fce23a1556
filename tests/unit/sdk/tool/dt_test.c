/* SPDX-License-Identifier: BSD-2-Clause */
/* dt_test.c - registers behind buses, and interrupts, from a blob that
 * is made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "base/attr.h"
#include "sdk/tool/dt.h"

#define BLOB_SIZE   4096
#define GIC_PHANDLE 1

static char blob[BLOB_SIZE];
static struct board board;
static struct dt dt;

static void property(const char *name, const uint32_t *cell, uint32_t count)
{
    fdt32_t big[16];

    assert_true(count <= ARRAY_LEN(big));
    for (uint32_t i = 0; i < count; i++) {
        big[i] = cpu_to_fdt32(cell[i]);
    }
    assert_int_equal(
        fdt_property(blob, name, big, (int)(count * sizeof *big)), 0);
}

static void number(const char *name, uint32_t value)
{
    property(name, &value, 1);
}

static void cells(uint32_t address, uint32_t size)
{
    number("#address-cells", address);
    number("#size-cells", size);
}

static void begin(const char *name)
{
    assert_int_equal(fdt_begin_node(blob, name), 0);
}

static void end(void)
{
    assert_int_equal(fdt_end_node(blob), 0);
}

/* A device with two interrupts: shared 5 rising edge, own 14 level. */
static void add_device(void)
{
    static const uint32_t reg[] = { 0x1, 0x100, 0x80 };
    static const uint32_t interrupts[] = { 0, 5, 1, 1, 14, 4, 2, 0, 0, 7 };

    begin("device@100");
    assert_int_equal(
        fdt_property(blob, "compatible", "a,b\0c,d", sizeof "a,b\0c,d"), 0);
    property("reg", reg, ARRAY_LEN(reg));
    property("interrupts", interrupts, ARRAY_LEN(interrupts));
    end();
}

/* root (2 address, 2 size cells) > outer (1, 1: 0x1000_0000.. is seen at
 * 0x1_2000_0000) > inner (2, 1: chip select 1 is 0x1000_0000) > device. */
static void add_buses(void)
{
    static const uint32_t outer[] = { 0x10000000, 0x1, 0x20000000, 0x10000 };
    static const uint32_t inner[] = { 0, 0, 0x30000000, 0x1000, 1, 0,
        0x10000000, 0x1000 };

    begin("outer");
    cells(1, 1);
    property("ranges", outer, ARRAY_LEN(outer));
    begin("inner");
    cells(2, 1);
    property("ranges", inner, ARRAY_LEN(inner));
    add_device();
    end();
    begin("closed");
    cells(2, 1);
    add_device();
    end();
    end();
}

static int make_blob(void **unused)
{
    (void)unused;
    static const uint32_t reg[] = { 0, 0x8000000, 0, 0x10000, 1, 0, 0, 0x1000 };

    assert_int_equal(fdt_create(blob, sizeof blob), 0);
    assert_int_equal(fdt_finish_reservemap(blob), 0);
    begin("");
    cells(2, 2);
    number("interrupt-parent", GIC_PHANDLE);
    begin("gic@8000000");
    number("phandle", GIC_PHANDLE);
    number("#interrupt-cells", 3);
    property("reg", reg, ARRAY_LEN(reg));
    assert_int_equal(fdt_property_string(blob, "status", "disabled"), 0);
    end();
    add_buses();
    end();
    assert_int_equal(fdt_finish(blob), 0);
    board.name = "test";
    board.irqchip = irqchip_find("gicv2");
    board.device_tree.data = (const uint8_t *)blob;
    board.device_tree.size = fdt_totalsize(blob);
    dt = dt_open(&board);
    return 0;
}

static int find(const char *path)
{
    int node = -1;

    assert_true(dt_find(&dt, path, &node));
    return node;
}

static void nodes_are_found(void **unused)
{
    (void)unused;
    int node = find("/outer/inner/device@100");

    assert_true(dt_is_enabled(&dt, node));
    assert_false(dt_is_enabled(&dt, find("/gic@8000000")));
    assert_string_equal(dt_compatible(&dt, node, 0), "a,b");
    assert_string_equal(dt_compatible(&dt, node, 1), "c,d");
    assert_null(dt_compatible(&dt, node, 2));
    assert_null(dt_compatible(&dt, node, UINT32_MAX));
    assert_false(dt_find(&dt, "/outer/device@100", &node));
}

static void registers_at_the_root(void **unused)
{
    (void)unused;
    struct board_range range;
    int node = find("/gic@8000000");

    assert_true(dt_reg(&dt, node, 0, &range));
    assert_int_equal(range.base, 0x8000000);
    assert_int_equal(range.size, 0x10000);
    assert_true(dt_reg(&dt, node, 1, &range));
    assert_int_equal(range.base, UINT64_C(0x100000000));
    assert_false(dt_reg(&dt, node, 2, &range));
    assert_false(dt_reg(&dt, node, UINT32_MAX, &range));
}

static void registers_behind_two_buses(void **unused)
{
    (void)unused;
    struct board_range range;

    assert_true(dt_reg(&dt, find("/outer/inner/device@100"), 0, &range));
    assert_int_equal(range.base, UINT64_C(0x120000100));
    assert_int_equal(range.size, 0x80);
    assert_false(dt_reg(&dt, find("/outer/closed/device@100"), 0, &range));
}

static void interrupts_of_a_gic(void **unused)
{
    (void)unused;
    struct irqchip_line irq;
    int node = find("/outer/inner/device@100");

    assert_true(dt_irq(&dt, node, 0, &irq));
    assert_int_equal(irq.number, 37);
    assert_true(irq.edge);
    assert_true(dt_irq(&dt, node, 1, &irq));
    assert_int_equal(irq.number, 30);
    assert_false(irq.edge);
    assert_false(dt_irq(&dt, node, 2, &irq)); /* unknown kind */
    assert_false(dt_irq(&dt, node, 3, &irq)); /* cut short */
    assert_false(dt_irq(&dt, node, UINT32_MAX, &irq));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_found),
        cmocka_unit_test(registers_at_the_root),
        cmocka_unit_test(registers_behind_two_buses),
        cmocka_unit_test(interrupts_of_a_gic),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_blob, NULL);
}
